import { type Diagnostics, type MeshProfile, standingWarning } from 'meltemi'

const NAME = 'thrift-rate-limit-hang'

/** Every Envoy tested so far (1.37 to 1.39) has it, and no issue upstream knows of it, so users must hear it from us. */
export function rateLimitWarning(profile: MeshProfile): Diagnostics {
  const message =
    "Envoy's thrift_proxy reads nothing more from a connection on which it has refused a call by a rate limit (`over limit`, `limiter error`): " +
    "the client's next call there hangs until its time-out. Have clients close the connection after such an error, and set a socket time-out"
  return standingWarning(NAME, undefined, message, profile)
}
