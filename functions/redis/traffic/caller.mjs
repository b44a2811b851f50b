// Sends commands to Redis: `client` is ioredis, redis (node-redis) or redis-cli; `options` are its own. `do` is a list of
// commands in which `{i}` is the number of the call. An answer is the result of the last one; nil is an error, since nothing
// was found. With `who`, a key, the answer begins with the name of the server that has it, and with `slots`, a key, with the
// slots of its server, whoever that is. With `measure` it says whether the commands took a time from `least` to `most`
// milliseconds: slow; or less: fast; or more: late. `copies`, `kill`, `move` and `down` turn to the servers themselves, by TLS
// if `nodesSpeakTls`.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { copies, moveSlot, ownerOf, redisCli, serverOf, shutDown, slotsOf, whileDown } from './nodes.mjs'

const [, , modules, certificates] = process.argv
const require = createRequire(join(modules, 'index.js'))

function connectIoredis({ address, port, options = {} }) {
  const { Redis } = require('ioredis')
  const client = new Redis({
    host: address,
    port,
    retryStrategy: null,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    ...options,
  })
  let problem
  client.on('error', (error) => {
    problem = error
  })
  return {
    // ioredis says a failed handshake by an event, and of the connection only that it is closed.
    open: () => client.connect().catch((error) => Promise.reject(problem ?? error)),
    send: ([command, ...args]) => client.call(command, ...args),
    close: () => client.disconnect(),
  }
}

function connectNodeRedis({ address, port, options = {} }) {
  const { createClient } = require('redis')
  const client = createClient({ socket: { host: address, port, reconnectStrategy: false }, ...options })
  client.on('error', () => {})
  return {
    open: () => client.connect(),
    send: (command) => client.sendCommand(command),
    close: () => client.isOpen && client.destroy(),
  }
}

const clients = { ioredis: connectIoredis, redis: connectNodeRedis, 'redis-cli': redisCli }

function connect(given) {
  return clients[given.client ?? 'ioredis'](given)
}

/** The folder of certificates for what is asked of the servers directly. */
function direct({ nodesSpeakTls }) {
  return nodesSpeakTls === true ? certificates : undefined
}

async function one(connection, given, i) {
  const fill = (text) => text.replaceAll('{i}', String(i))
  const start = Date.now()
  let result
  if (given.move !== undefined) await moveSlot(connection, fill(given.move.key), given.move.nodes, direct(given))
  for (const command of given.do ?? []) result = await connection.send(command.map(fill))
  const took = Date.now() - start
  if (given.do !== undefined && (result === null || result === '')) throw new Error('nil')
  const words = [
    ...(given.slots === undefined ? [] : [await slotsOf(connection, fill(given.slots))]),
    ...(given.who === undefined ? [] : [await serverOf(connection, fill(given.who))]),
    ...(given.copies === undefined
      ? []
      : [await copies({ ...given.copies, key: fill(given.copies.key) }, direct(given))]),
    ...(given.measure === undefined ? [] : [pace(took, given.measure)]),
    ...(given.do === undefined ? [] : [String(result)]),
  ]
  return { value: words.join(' ') }
}

function pace(took, { least, most = Number.POSITIVE_INFINITY }) {
  if (took < least) return 'fast'
  return took <= most ? 'slow' : 'late'
}

/** Ends the server that has a key, and waits until another serves it, for 20 seconds at least. */
async function killOwner(connection, { key, nodes }) {
  const owner = await ownerOf(connection, key, nodes)
  await shutDown(nodes[owner])
  let last = new Error(`${key} is still on ${owner}`)
  for (let attempt = 0; attempt < 80; attempt += 1) {
    try {
      const next = await serverOf(connection, key)
      if (next !== owner) return { value: `another ${String(await connection.send(['SET', key, 'again']))}` }
    } catch (problem) {
      last = problem
    }
    await sleep(250)
  }
  throw last
}

function call(connection, given, i) {
  if (given.kill !== undefined) return killOwner(connection, given.kill)
  const whole = () => one(connection, given, i)
  return given.down === undefined ? whole() : whileDown(connection, given.down, direct(given), whole)
}

/** Tries until it succeeds, for as long as a cluster may need to find itself. */
async function patiently(action, patience = 0) {
  const end = Date.now() + patience
  for (;;) {
    try {
      return await action()
    } catch (problem) {
      if (Date.now() >= end) throw problem
    }
    await sleep(250)
  }
}

async function opened(given) {
  const connection = connect(given)
  try {
    await connection.open()
    return connection
  } catch (problem) {
    connection.close()
    throw problem
  }
}

async function repliesTo(given) {
  const { times, patience } = given
  const replies = []
  const answered = ({ message }) => ({ error: message })
  try {
    const connection = await patiently(() => opened(given), patience)
    for (let i = 0; i < times; i += 1) {
      replies.push(await patiently(() => call(connection, given, i), patience).catch(answered))
    }
    connection.close()
  } catch (problem) {
    while (replies.length < times) replies.push(answered(problem))
  }
  return replies
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(`> ${JSON.stringify({ replies: await repliesTo(JSON.parse(line)) })}`)
}
