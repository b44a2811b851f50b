import type { L7Port } from '../mesh/l7-port.ts'

/**
 * A short `stat_prefix`: `<name>_<namespace>_<port>` of the Service or ServiceEntry. Envoy makes it part of the metric's
 * name, where `|` and `.` become `_`, so `outbound|20880||orders.shop.svc.cluster.local` would be unreadable there.
 */
export function statPrefix(port: L7Port): string {
  return [port.place.source.ref.name, port.namespace, String(port.number)].map(statToken).join('_')
}

function statToken(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, '-')
}
