// What is asked of servers directly, and not by the address that clients use: `nodes` are names with addresses. With `tls`,
// the servers speak nothing else: the folder has the authority, and a certificate if they ask for one.
import { execFile } from 'node:child_process'
import { join } from 'node:path'

const WHO = "return redis.call('INFO', 'server')"

export async function serverOf(connection, key) {
  const text = String(await connection.send(['EVAL', WHO, '1', key]))
  return /config_file:.*\/([^/]+)\.conf/.exec(text)?.[1] ?? 'unknown'
}

const NODES = "return redis.call('CLUSTER', 'NODES')"

/** The slots of the master that has a key, such as `0-5460`: the same after a failover, when it is another. */
export async function slotsOf(connection, key) {
  const text = String(await connection.send(['EVAL', NODES, '1', key]))
  return /myself,master.* connected (.*)$/m.exec(text)?.[1].replaceAll(' ', ',') ?? 'unknown'
}

/** redis-cli, which takes a connection for each command. */
export function redisCli({ address, port, options = {}, tls }) {
  const { password, username } = options
  const sign = password === undefined ? [] : ['--no-auth-warning', '-a', password]
  const user = username === undefined ? [] : ['--user', username]
  const file = (name) => join(tls, name)
  const secure =
    tls === undefined
      ? []
      : ['--tls', '--cacert', file('ca.crt'), '--cert', file('client.crt'), '--key', file('client.key')]
  const where = ['-h', address, '-p', String(port), ...sign, ...user, ...secure, '-e']
  return {
    open: async () => {},
    send: (command) =>
      new Promise((resolve, reject) => {
        execFile('redis-cli', [...where, ...command], { timeout: 5000 }, (failed, stdout, stderr) => {
          if (failed) reject(new Error(`${stdout}${stderr}`.trim() || failed.message))
          else resolve(stdout.replace(/\n$/, ''))
        })
      }),
    close: () => {},
  }
}

function directly(address, tls) {
  return redisCli({ address, port: 6379, tls })
}

/** How often a key, or whatever a pattern fits, is on the servers. */
export async function copies({ key, nodes }, tls) {
  let found = 0
  for (const address of nodes)
    found += (await directly(address, tls).send(['KEYS', key])).split('\n').filter((line) => line !== '').length
  return `${found} ${found === 1 ? 'copy' : 'copies'}`
}

export async function shutDown(address, tls) {
  await directly(address, tls)
    .send(['SHUTDOWN', 'NOSAVE'])
    .catch(() => {})
}

export async function ownerOf(connection, key, nodes) {
  const owner = await serverOf(connection, key)
  if (nodes[owner] === undefined) throw new Error(`${key} is on ${owner}, which is none of the nodes`)
  return owner
}

/** What becomes of an action while the server of a key disowns its slot, and so calls its whole cluster down. */
export async function whileDown(connection, { key, nodes }, tls, action) {
  const server = directly(nodes[await ownerOf(connection, key, nodes)], tls)
  const slot = await server.send(['CLUSTER', 'KEYSLOT', key])
  await server.send(['CLUSTER', 'DELSLOTS', slot])
  try {
    return await action()
  } finally {
    await server.send(['CLUSTER', 'ADDSLOTS', slot])
  }
}

/** Gives the slot of a key, which is then nowhere, to the master after its own. */
export async function moveSlot(connection, key, nodes, tls) {
  const owner = await ownerOf(connection, key, nodes)
  const names = Object.keys(nodes)
  const target = names[(names.indexOf(owner) + 1) % names.length]
  await connection.send(['DEL', key])
  const tell = (name, ...command) => directly(nodes[name], tls).send(['CLUSTER', ...command])
  const slot = await tell(owner, 'KEYSLOT', key)
  const ids = new Map()
  for (const name of [owner, target]) ids.set(name, await tell(name, 'MYID'))
  await tell(target, 'SETSLOT', slot, 'IMPORTING', ids.get(owner))
  await tell(owner, 'SETSLOT', slot, 'MIGRATING', ids.get(target))
  for (const name of [target, owner]) await tell(name, 'SETSLOT', slot, 'NODE', ids.get(target))
  return target
}
