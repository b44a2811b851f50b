// node --import poison.mjs?<kind> program: the program dies when it touches what a function must not.
import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import { resolve } from 'node:path'

function deadly(name) {
  return () => {
    throw new Error(`poisoned: ${name}`)
  }
}

function replace(owner, names) {
  for (const name of names) owner[name] = deadly(name)
}

const everyTrap = (name) => Object.fromEntries(['get', 'has', 'ownKeys'].map((trap) => [trap, deadly(name)]))

const poisons = {
  clock() {
    // A date made of given numbers is no clock.
    const onlyGiven = {
      apply: deadly('Date'),
      construct: (of, given) => (given.length === 0 ? deadly('Date')() : new of(...given)),
    }
    replace(Date, ['now'])
    globalThis.Date = new Proxy(Date, onlyGiven)
    replace(performance, ['now'])
    replace(process, ['hrtime', 'uptime'])
  },
  environment() {
    // Node's own module loader asks for its settings; the caller's line is the third of a stack.
    const get = () =>
      new Error().stack?.split('\n')[2]?.includes('node:internal') ? undefined : deadly('process.env')()
    Object.defineProperty(process, 'env', { value: new Proxy({}, { ...everyTrap('process.env'), get }) })
    replace(process, ['cwd'])
    replace(os, ['hostname', 'homedir', 'userInfo', 'tmpdir', 'cpus', 'networkInterfaces'])
  },
  randomness() {
    replace(Math, ['random'])
    replace(crypto, ['randomBytes', 'randomUUID', 'randomInt', 'randomFillSync'])
    for (const name of ['getRandomValues', 'randomUUID'])
      Object.defineProperty(globalThis.crypto, name, { value: deadly(name) })
  },
  network() {
    replace(net, ['connect', 'createConnection', 'createServer'])
    replace(net.Socket.prototype, ['connect'])
    replace(dns, ['lookup', 'resolve'])
    replace(dgram, ['createSocket'])
    replace(http, ['request', 'get'])
    replace(https, ['request', 'get'])
    replace(globalThis, ['fetch'])
  },
  processes() {
    replace(childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'])
  },
  files() {
    const program = resolve(process.argv[1] ?? '')
    for (const owner of [fs, fs.promises])
      for (const [name, original] of Object.entries(owner))
        if (typeof original === 'function' && /^[a-z]/.test(name))
          owner[name] = function (first, ...rest) {
            // Only what the process was given: its standard streams, and its own text.
            if (typeof first === 'number' && first <= 2) return original.call(this, first, ...rest)
            if (String(first).replace('file://', '') === program) return original.call(this, first, ...rest)
            return deadly(name)()
          }
  },
}

const kind = new URL(import.meta.url).search.slice(1)
poisons[kind]()
syncBuiltinESMExports()
