import { labelName, resultOf } from 'meltemi'
import { DEFAULT_SECRETS_DIRECTORY, type RedisConfig } from './config.ts'
import type { RedisContext } from './prepared.ts'
import { type Fields, knownFields } from './secret-fields.ts'
import { listedSecret } from './secrets.ts'

/** Labels by which a pod says what its sidecar has. */
export type PodLabels = Readonly<Record<string, string>>

const PREFIX = 'redis-secret.meltemi.dev'

/**
 * One for each field, so that a field that is asked for later reaches no pod which mounts the others alone; the value says how
 * the sidecar has it, the folder included where it is not the default one. A Secret's name has no `_`.
 */
export function secretLabels(secret: string, fields: Fields, config: RedisConfig): PodLabels {
  const value = config.secrets === 'environment' ? 'environment' : folderLabel(config.secretsDirectory)
  return Object.fromEntries(fieldNames(fields).map((field) => [`${PREFIX}/${labelName(`${secret}_${field}`)}`, value]))
}

function folderLabel(directory: string = DEFAULT_SECRETS_DIRECTORY): string {
  return directory === DEFAULT_SECRETS_DIRECTORY ? 'file' : labelName(`file${directory}`)
}

/** Each once: one field may be both. */
export function fieldNames({ password, username }: Fields): readonly string[] {
  return [...new Set([password.name, ...(username === undefined ? [] : [username.name])])]
}

/** As they stand in a pod template. */
export function labelLines(labels: PodLabels): string {
  return Object.entries(labels)
    .map(([key, value]) => `\`${key}: ${value}\``)
    .join(', ')
}

/**
 * What a pod must have before its redis_proxy may send keys to these hosts. A sidecar that runs aborts (Envoy 1.37 to 1.39:
 * an uncaught exception) when a cluster that its redis_proxy uses gets a password from a file or variable that it lacks.
 */
export function labelsForServers(hostnames: Iterable<string>, context: RedisContext): PodLabels {
  return Object.assign({}, ...[...hostnames].sort().map((hostname) => labelsForHost(hostname, context)))
}

function labelsForHost(hostname: string, { prepared, config }: RedisContext): PodLabels {
  const destination = prepared.destinations.get(hostname)
  const reference = destination?.spec.trafficPolicy?.connectionPool?.redis?.auth?.secret
  if (destination === undefined || reference === undefined || config.secrets === 'inline') return {}
  const { name } = reference
  const listed = listedSecret(prepared.secrets, destination.namespace, name)
  // Where they cannot be known the host gets no password, and that has been said.
  const fields = resultOf(knownFields(listed, reference, destination.place, config.secrets ?? 'file'))
  return fields === undefined ? {} : secretLabels(name, fields, config)
}
