import {
  below,
  type Diagnostic,
  type Diagnostics,
  error,
  fail,
  type Outcome,
  type Place,
  remark,
  warning,
} from 'meltemi'
import { isAnswered } from './commands.ts'

/**
 * One of them answered more than once, as SUBSCRIBE is by every message, ends the whole proxy: redis_proxy expects one reply to
 * each command (Envoys 1.37.0, 1.38.3 and 1.39.3 died of it).
 */
const ANSWERED_OFTEN = 'subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe'

/** They may wait on the server, where the commands of all other clients are behind them on the same connection. */
const WAITING = 'blpop brpop brpoplpush blmove blmpop bzpopmin bzpopmax bzmpop xread xreadgroup wait waitaof'

/**
 * They change the connection itself, which redis_proxy shares among all clients of a sidecar: after `CLIENT REPLY OFF` or
 * `PSYNC ? -1` of one, the next `SET` of another is answered with `upstream failure`. QUIT does not get there.
 */
const CHANGING = 'client psync sync replconf monitor reset select'

/** `settings.customCommands`. `place` is that of `settings`. */
export function checkCustomCommands(commands: readonly string[], place: Place): Outcome<undefined> {
  const list = below(place, 'customCommands')
  const deadly = commands.flatMap((command, i) => deadlyCommand(command, below(list, i)))
  const doubtful = commands.flatMap((command, i) => doubtfulCommand(command, below(list, i)))
  return deadly.length > 0 ? fail([...deadly, ...doubtful]) : remark(undefined, doubtful)
}

function deadlyCommand(command: string, place: Place): readonly Diagnostic[] {
  if (!isOneOf(command, ANSWERED_OFTEN)) return []
  const message = `must not be let through: redis_proxy expects one reply to each command, and a sidecar whose client says \`${command}\` dies of the next one. Pub/sub needs plain TCP, with a port named \`tcp\``
  return [error(place, message, { currentValue: command })]
}

function doubtfulCommand(command: string, place: Place): Diagnostics {
  const values = { currentValue: command }
  if (/\s/.test(command))
    return [warning(place, 'has no effect: it is no command, as names of commands hold no white space', values)]
  if (isAnswered(command)) return [warning(place, `has no effect: redis_proxy answers \`${command}\` itself`, values)]
  if (isOneOf(command, CHANGING)) {
    const message = `may change the connection to the server, which all clients of a sidecar share, so that the next commands of others fail or mean something else`
    return [warning(place, message, values)]
  }
  if (!isOneOf(command, WAITING)) return []
  const message = `may wait on the server, and with it all other clients of a sidecar: their commands follow on the same connection`
  return [warning(place, message, values)]
}

function isOneOf(command: string, names: string): boolean {
  return names.split(' ').includes(command.toLowerCase())
}
