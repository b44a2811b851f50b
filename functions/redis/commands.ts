import { isOlder, type MeshProfile, suggest } from 'meltemi'

/** Commands that redis_proxy passes on, in lower case, as Envoys 1.37.0, 1.38.3 and 1.39.3 do when asked for each of Redis'. */
const PASSED_ON = `
  append bf.add bf.card bf.exists bf.info bf.insert bf.loadchunk bf.madd bf.mexists bf.reserve bf.scandump bitcount
  bitfield bitfield_ro bitop bitpos cluster config copy decr decrby del discard dump eval evalsha exec exists expire
  expireat flushall flushdb geoadd geodist geohash geopos georadius georadius_ro georadiusbymember
  georadiusbymember_ro geosearch geosearchstore get getbit getdel getex getrange getset hdel hello hexists hexpire
  hexpireat hexpiretime hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire hpexpireat
  hpexpiretime hpttl hrandfield hscan hset hsetnx hstrlen httl hvals incr incrby incrbyfloat info info.shard keys
  lindex linsert llen lmove lpop lpos lpush lpushx lrange lrem lset ltrim mget mset msetnx multi object persist
  pexpire pexpireat pfadd pfcount pfmerge psetex pttl publish randomkey rename renamenx restore role rpop rpoplpush
  rpush rpushx sadd scan scard script sdiff sdiffstore select set setbit setex setnx setrange sinter sinterstore
  sismember slowlog smembers smismember smove sort sort_ro spop srandmember srem sscan strlen substr sunion
  sunionstore touch ttl type unlink unwatch watch xack xadd xautoclaim xclaim xdel xlen xpending xrange xrevrange
  xtrim zadd zcard zcount zdiff zdiffstore zincrby zinter zinterstore zlexcount zmscore zpopmax zpopmin zrandmember
  zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange
  zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore`

/** Commands that redis_proxy answers itself, before it throws the dice for a fault. */
const ANSWERED = 'auth echo ping quit time'

/** The Istio release whose proxies are the first to pass a command on, where older ones do not. */
const SINCE: Readonly<Record<string, string>> = {
  bitfield_ro: '1.30',
  hexpire: '1.31',
  hexpireat: '1.31',
  hexpiretime: '1.31',
  hpersist: '1.31',
  hpexpire: '1.31',
  hpexpireat: '1.31',
  hpexpiretime: '1.31',
  hpttl: '1.31',
  httl: '1.31',
}

/** Why a fault of a command is never injected. */
export interface Idle {
  readonly message: string
  /** What may have been meant. */
  readonly meant?: string
}

/** Envoy compares names of commands in lower case, and takes those of `custom_commands` as they are written. */
export function commandNames(commands: readonly string[]): readonly string[] {
  return [...new Set(commands.map((command) => command.toLowerCase()))]
}

export function isAnswered(command: string): boolean {
  return words(ANSWERED).includes(command.toLowerCase())
}

/** What keeps a command from every server on some release of the range, and with it a fault from the command; `undefined`: nothing does. */
export function idleBecause(
  written: string,
  customCommands: readonly string[],
  { istioVersions }: Pick<MeshProfile, 'istioVersions'>,
): Idle | undefined {
  const command = written.toLowerCase()
  if (isAnswered(command)) return { message: `has no effect: redis_proxy answers \`${written}\` itself` }
  if (commandNames(customCommands).includes(command)) return undefined
  const known = words(PASSED_ON)
  const [oldest] = istioVersions
  const { [command]: since } = SINCE
  if (since !== undefined && oldest !== undefined && isOlder(oldest, since))
    return {
      message: `has no effect on proxies before Istio ${since}, which refuse \`${written}\`, and \`istio.versions\` of the MeshProfile begin with ${oldest}`,
    }
  if (known.includes(command)) return undefined
  const meant = suggest(command, [...known, ...customCommands])?.toUpperCase()
  const message = `has no effect: redis_proxy refuses \`${written}\` as unknown`
  return meant === undefined
    ? { message: `${message}; \`settings.customCommands\` lets a command through whose key comes first` }
    : { message: `${message}; did you mean \`${meant}\`?`, meant }
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
