import { describe, expect, test } from 'vitest'
import { idleBecause } from '../../functions/redis/commands.ts'
import { readMinors } from '../../tools/envoy-api/roots.ts'
import { withRedisProxy } from './redis-session.ts'

/** Redis' commands of 7.0, some of later ones and of modules, and names that are none. */
const COMMANDS = `
  acl append asking auth bf.add bf.card bf.exists bf.info bf.insert bf.loadchunk bf.madd bf.mexists bf.reserve
  bf.scandump bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos blmove blmpop blpop brpop brpoplpush
  bzmpop bzpopmax bzpopmin client cluster command config copy dbsize debug decr decrby del delex digest discard dump
  echo eval eval_ro evalsha evalsha_ro exec exists expire expireat expiretime failover fcall fcall_ro flushall
  flushdb function geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro
  geosearch geosearchstore get getbit getdel getex getrange getset gett hdel hello hexists hexpire hexpireat
  hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire hpexpireat
  hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat increx info
  info.shard infoshard json.get json.set keys lastsave latency lcs lindex linsert llen lmove lmpop lolwut lpop lpos
  lpush lpushx lrange lrem lset ltrim memory mget migrate module monitor move mset msetex msetnx multi nosuch object
  persist pexpire pexpireat pexpiretime pfadd pfcount pfdebug pfmerge pfselftest ping psetex psubscribe psync pttl
  publish pubsub punsubscribe quit randomkey readonly readwrite rename renamenx replconf replicaof reset restore
  restore-asking rol role rpop rpoplpush rpush rpushx sadd save scan scard script sdiff sdiffstore select set setbit
  setex setnx setrange shutdown sinter sintercard sinterstore sismember slaveof slowlog smembers smismember smove
  sort sort_ro spop spublish srandmember srem sscan ssubscribe strlen subscribe substr sunion sunionstore
  sunsubscribe swapdb sync time touch ttl type unlink unsubscribe unwatch vadd vsim wait watch xack xadd xautoclaim
  xcfgset xclaim xdel xgroup xinfo xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd zcard zcount
  zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange
  zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange
  zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore`
  .trim()
  .split(/\s+/)

/** Forms that commands come in: Envoy looks at the number of words before it throws the dice. */
const WORDS: readonly (readonly string[])[] = [[], ['k'], ['k', 'v'], ['1', '1', 'k']]
const ALWAYS = { fault_type: 'ERROR', fault_enabled: { default_value: { numerator: 100 } } }

describe.each(readMinors())('Envoy $binary', (pin) => {
  const profile = { istioVersions: [pin.istio] }

  /** Those of the commands that a fault meets. */
  function met(fields: object, commands: readonly string[]): Promise<readonly string[]> {
    const proxy = { prefix_routes: { catch_all_route: { cluster: 'c' } }, ...fields }
    return withRedisProxy(pin, proxy, async ({ ask }) => {
      const found: string[] = []
      for (const command of commands) {
        const answers: string[] = []
        for (const words of WORDS) answers.push(await ask(command, ...words))
        if (answers.some((answer) => answer.startsWith('-Fault Injected'))) found.push(command)
      }
      return found
    })
  }

  test('injects faults into the commands that we say, and into no other', async () => {
    const ours = COMMANDS.filter((command) => idleBecause(command, [], profile) === undefined)
    expect(ours.length).toBeGreaterThan(150)
    expect(await met({ faults: [ALWAYS] }, COMMANDS)).toEqual(ours)
  })

  test('takes names that it does not know, and those of its own answers, and does nothing', async () => {
    const commands = ['nosuch', 'ping', 'get']
    expect(await met({ faults: [{ ...ALWAYS, commands }] }, commands)).toEqual(['get'])
  })

  test('lets declared commands through in lower case alone, and never its own answers', async () => {
    const custom_commands = ['json.get', 'JSON.SET', 'ping']
    const asked = ['JSON.GET', 'json.set', 'JSON.SET', 'ping']
    expect(await met({ faults: [ALWAYS], custom_commands }, asked)).toEqual(['JSON.GET'])
  })
})
