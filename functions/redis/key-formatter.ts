import { below, error, fail, type Outcome, ok, type Place } from 'meltemi'

const KEY = '%KEY%'

/**
 * Commands of Envoy's substitution formatter that say something of a connection. Of the others some kill Envoy (its rule
 * `redis-key-formatter`), and the rest become nothing, or another text for each command: the key is not found again.
 */
const COMMANDS: ReadonlySet<string> = new Set([
  KEY,
  '%%',
  '%DOWNSTREAM_REMOTE_ADDRESS%',
  '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%',
  '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%',
  '%DOWNSTREAM_LOCAL_ADDRESS%',
  '%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%',
  '%DOWNSTREAM_LOCAL_PORT%',
  '%DOWNSTREAM_LOCAL_URI_SAN%',
  '%DOWNSTREAM_PEER_SUBJECT%',
  '%DOWNSTREAM_PEER_URI_SAN%',
  '%HOSTNAME%',
  '%REQUESTED_SERVER_NAME%',
])

/** `keyFormatter` of a route. `place` is that of the route. */
export function checkFormatter(text: string | undefined, place: Place): Outcome<string | undefined> {
  if (text === undefined || isFormatter(text)) return ok(text)
  const message =
    'must contain `%KEY%`, which stands for the key; other percent signs are written `%%`, or are of a command about the connection such as ' +
    '`%HOSTNAME%`, `%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%` or `%ENVIRONMENT(NAME)%`: with any other the key is lost, or Envoy dies of it at the first command'
  return fail([error(below(place, 'keyFormatter'), message, { currentValue: text })])
}

function isFormatter(text: string): boolean {
  const commands = text.match(/%[^%]*%?/g) ?? []
  const isKnown = commands.every((one) => COMMANDS.has(one) || /^%ENVIRONMENT\(\w+\)%$/.test(one))
  const keys = commands.filter((one) => one === KEY).length
  // Envoy puts the key wherever the letters stand, in `%%KEY%%` too.
  return isKnown && keys > 0 && text.split(KEY).length - 1 === keys
}
