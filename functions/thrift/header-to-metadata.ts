import { typeUrl } from 'meltemi'
import type { HeaderRule } from './settings.ts'
import type { ThriftFilter } from './thrift-proxy.ts'

const NAME = 'envoy.filters.thrift.header_to_metadata'
const TYPE = typeUrl('envoy.extensions.filters.network.thrift_proxy.filters.header_to_metadata.v3.HeaderToMetadata')

/** Copies headers of calls into Envoy's dynamic metadata; nothing without rules. */
export function headerToMetadata(rules: readonly HeaderRule[] = []): readonly ThriftFilter[] {
  if (rules.length === 0) return []
  const requestRules = rules.map((rule) => {
    const target = { metadata_namespace: namespaceOf(rule), key: keyOf(rule) }
    return {
      header: rule.header,
      on_present: target,
      ...(rule.missing === undefined ? {} : { on_missing: { ...target, value: rule.missing } }),
      ...(rule.remove === true ? { remove: true } : {}),
    }
  })
  return [{ name: NAME, typed_config: { '@type': TYPE, request_rules: requestRules } }]
}

/** The metadata as Envoy's access logs name it, after its key. */
export function loggedMetadata(rules: readonly HeaderRule[] = []): string {
  return rules.map((rule) => ` ${keyOf(rule)}=%DYNAMIC_METADATA(${namespaceOf(rule)}:${keyOf(rule)})%`).join('')
}

/** Envoy's own choice for a rule without a namespace, said so that whoever reads the metadata finds it. */
function namespaceOf({ namespace = NAME }: HeaderRule): string {
  return namespace
}

function keyOf({ header, key = header }: HeaderRule): string {
  return key
}
