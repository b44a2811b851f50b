import type { L7Port } from '../mesh/l7-port.ts'

/**
 * A short `stat_prefix`: `<first label of the host>_<port>`. Envoy makes it part of the metric's name, where `|` and `.`
 * become `_`, so `outbound|20880||orders.shop.svc.cluster.local` would be unreadable there. Namespaces tell apart what
 * hosts do not.
 */
export function statPrefix(port: L7Port): string {
  const [host = port.hostname] = port.hostname.split('.')
  return [host, port.namespace, String(port.number)].map(statToken).join('_')
}

function statToken(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, '-')
}
