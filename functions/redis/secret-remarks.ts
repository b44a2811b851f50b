import { type Diagnostics, info, labelName, type Place, warning } from 'meltemi'
import { DEFAULT_SECRETS_DIRECTORY } from './config.ts'
import type { AuthSite } from './credentials.ts'
import type { SecretReference } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import type { Fields } from './secret-fields.ts'
import { fieldNames, labelLines, secretLabels } from './secret-labels.ts'

/** What a reference to a Secret asks of those who run the clients. */
export function secretRemarks(
  reference: SecretReference,
  fields: Fields,
  place: Place,
  site: AuthSite,
  context: RedisContext,
): Diagnostics {
  const { name } = reference
  if (context.config.secrets === 'inline') {
    const message = `puts values of Secret ${name} in clear text into the EnvoyFilter, as \`secrets: inline\` asks: everybody who reads Git or the cluster finds them`
    return [warning(place, message)]
  }
  return site.saidBy === 'proxy'
    ? [labelRemark(name, fields, place, context)]
    : [reachRemark(name, fields, place, site, context)]
}

/** Only pods that say that they have the password get the filter: a running sidecar without it would crash. */
function labelRemark(name: string, fields: Fields, place: Place, { config }: RedisContext) {
  const labels = secretLabels(name, fields, config)
  const several = Object.keys(labels).length > 1 ? 's' : ''
  const beside =
    config.secrets === 'environment'
      ? `what gives the sidecar the environment variable${several} ${variables(name, fields)} (an injection template can set it from a Secret)`
      : `these annotations, which mount Secret ${name} of the pod's own namespace: ${annotations(name, fields, config.secretsDirectory)}`
  const message = `the filter goes only to sidecars of pods with the label${several} ${labelLines(labels)}; write that into the clients' pod templates in one change with ${beside}. Other pods stay plain TCP, and must sign in themselves. Never set a label without the ${config.secrets === 'environment' ? 'variable' : 'mount'}, nor on pods that run: the sidecar then crashes. No newline may end the value`
  return info(place, message)
}

/** A listener whose own password is not there is refused, so that nobody gets in, but for sidecars that have an older one. */
function reachRemark(
  name: string,
  fields: Fields,
  place: Place,
  { port }: AuthSite,
  { config, profile }: RedisContext,
) {
  const everybody = port.clientNamespaces.includes(profile.rootNamespace)
  const who = everybody ? 'the mesh' : port.clientNamespaces.map((one) => `namespace ${one}`).join(', ')
  const narrow = everybody ? "; narrow the clients with the service's `exportTo` or `clientScope`" : ''
  const several = fieldNames(fields).length > 1 ? 's' : ''
  const how =
    config.secrets === 'environment'
      ? `have the environment variable${several} ${variables(name, fields)} (an injection template can set it from a Secret)`
      : `mount Secret ${name} of its pod's own namespace, by these annotations of the pod template: ${annotations(name, fields, config.secretsDirectory)}`
  const message = `every sidecar of ${who} that gets the filter must ${how}. Without it a sidecar that starts refuses the service's listener; one that runs keeps the listener that it has, WITHOUT the password check, until it restarts${narrow}. No newline may end the value`
  return everybody ? warning(place, message) : info(place, message)
}

export function variable(secret: string, field: string): string {
  return `REDIS_${secret}_${field}`.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}

function variables(secret: string, fields: Fields): string {
  return fieldNames(fields)
    .map((field) => variable(secret, field))
    .join(' and ')
}

/**
 * Ready to paste: Istio's injector reads both as JSON. The keys are named, since the kubelet then starts no pod whose Secret
 * lacks one.
 */
function annotations(secret: string, fields: Fields, directory: string = DEFAULT_SECRETS_DIRECTORY): string {
  const volume = labelName(`redis-${secret.replaceAll('.', '-')}`)
  const items = fieldNames(fields).map((key) => ({ key, path: key }))
  const volumes = JSON.stringify([{ name: volume, secret: { secretName: secret, items } }])
  const mounts = JSON.stringify([{ name: volume, mountPath: `${directory}/${secret}`, readOnly: true }])
  return `sidecar.istio.io/userVolume: '${volumes}' and sidecar.istio.io/userVolumeMount: '${mounts}'`
}
