import type { Protocol } from './protocol.ts'

/** What `--help` prints; `kpt fn doc` runs it without stdin. */
export function usage<Config>({ name, kind, summary, kinds = [] }: Protocol<Config>): string {
  const own = kinds.map((one) => `, ${one.kind}`).join('')
  return `${name}: ${summary}

A KRM function: reads a ResourceList on stdin and writes the same list plus EnvoyFilters on stdout.

In   Services and ServiceEntries whose ports are named tcp-${name}[-...] (or have appProtocol: ${name}),
     VirtualServices, DestinationRules, workloads, at most one MeshProfile${own}.
Out  Every item byte for byte as it came; this function's earlier EnvoyFilters replaced by the current
     ones (label meltemi.dev/protocol: ${name}); results. Exit code 1 if a result is an error.

functionConfig (optional)
     apiVersion: meltemi.dev/v1alpha1, kind: ${kind}, fields under spec; or a ConfigMap of strings.

Run it
     kpt fn eval DIR --exec ./${name}.mjs
     kpt fn source DIR | ./${name}.mjs | kpt fn sink NEWDIR

Options
     --help, --version
`
}
