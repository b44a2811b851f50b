import { type Diagnostics, type MeshProfile, warning } from 'meltemi'

const NAME = 'dubbo-proxy-crash'

/** Every Envoy tested so far (1.36 to 1.40) has it, and no issue upstream knows of it, so users must hear it from us. */
export function crashWarning(profile: MeshProfile): Diagnostics {
  if (profile.acknowledge.includes(NAME)) return []
  const message =
    "Envoy's dubbo_proxy can abort the whole sidecar: when a provider's connection closes while a call is in flight (kill -9, node loss), the caller's " +
    'sidecar dies as soon as that caller closes its own connection. A graceful shutdown of the provider avoids it (a preStop hook, `dubbo.service.shutdown.wait`). ' +
    `Once read, silence this with \`acknowledge: [${NAME}]\` in the MeshProfile's \`spec\``
  return [warning(undefined, message)]
}
