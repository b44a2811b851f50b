import { needs } from '../violation.ts'
import type { JsonObject } from '../walk.ts'
import { formatProblems } from './format-commands.ts'
import type { CppRule, Finding } from './rule.ts'

/** Fields whose text, at any depth, is an access log format. */
const FORMATS: readonly (readonly [message: string, fields: readonly string[]])[] = [
  ['envoy.config.core.v3.SubstitutionFormatString', ['text_format', 'text_format_source', 'json_format']],
  ['envoy.extensions.access_loggers.file.v3.FileAccessLog', ['format', 'json_format', 'typed_json_format']],
  ['envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry', ['value']],
  ['envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig', ['hostname']],
  ['envoy.config.core.v3.HeaderValue', ['value']],
]

/** Rules of access log formats and of the texts that are written like them. */
export const formatRules: readonly CppRule[] = FORMATS.map(([on, fields]) => ({
  on,
  name: 'format-command',
  says: `${fields.map((field) => `\`${field}\``).join(', ')}: every % starts a command that Envoy knows, or is doubled`,
  envoy: 'Not supported field in StreamInfo: NOSUCH',
  find: (message, range) =>
    fields.flatMap((field) =>
      texts(message[field], [field]).flatMap(({ text, at }) => formatFindings(text, at, range)),
    ),
}))

/** What is wrong with the commands of one text. */
export function formatFindings(text: string, at: Finding['at'], range: readonly string[]): readonly Finding[] {
  return formatProblems(text).map(({ message, since }) =>
    since === undefined ? { at, message } : { at, message: needs(message, since, range), since },
  )
}

function texts(value: unknown, at: Finding['at']): readonly { readonly text: string; readonly at: Finding['at'] }[] {
  if (typeof value === 'string') return [{ text: value, at }]
  if (Array.isArray(value)) return value.flatMap((item: unknown, i) => texts(item, [...at, i]))
  if (typeof value !== 'object' || value === null) return []
  const node: JsonObject = { ...value }
  // A DataSource that names a file or a variable: the text is not here.
  return Object.entries(node).flatMap(([key, item]) =>
    key === 'filename' || key === 'environment_variable' ? [] : texts(item, [...at, key]),
  )
}
