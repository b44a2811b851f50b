/** `metadata` of an item as kpt hands it on, with where it was read. */
export function metadata(name: string, namespace: string, file: string): string {
  return `  metadata:
    name: ${name}
    namespace: ${namespace}
    annotations:
      config.kubernetes.io/index: '0'
      config.kubernetes.io/path: '${file}'
      internal.config.kubernetes.io/index: '0'
      internal.config.kubernetes.io/path: '${file}'
      internal.config.kubernetes.io/seqindent: 'compact'
`
}
