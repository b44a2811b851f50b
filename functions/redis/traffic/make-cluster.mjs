// Makes a Redis Cluster of three masters, each with a replica, of the six nodes of mesh.yaml.
import { execFile, execFileSync } from 'node:child_process'

const nodes = ['51', '52', '53', '54', '55', '56'].map((last) => `10.1.0.${last}:6379`)

function cli(...args) {
  return execFileSync('redis-cli', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

/** Tries until it is so, for 20 seconds at least. */
function patiently(action) {
  let last = new Error(`still not so: ${action}`)
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      if (action()) return
    } catch (problem) {
      last = problem
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  throw last
}

function everyNode(command, answer) {
  for (const node of nodes) patiently(() => cli('-h', node.split(':')[0], ...command).includes(answer))
}

everyNode(['ping'], 'PONG')
patiently(() =>
  cli('--cluster', 'create', ...nodes, '--cluster-replicas', '1', '--cluster-yes').includes('All 16384 slots covered'),
)
everyNode(['cluster', 'info'], 'cluster_state:ok')
console.error('ready')
// They close idle connections before Envoy's next discovery, as the README advises; not before, since `--cluster create` keeps
// its own idle. One that is restarted must hear of it again.
setInterval(() => {
  for (const node of nodes) execFile('redis-cli', ['-h', node.split(':')[0], 'config', 'set', 'timeout', '1'], () => {})
}, 2000)
