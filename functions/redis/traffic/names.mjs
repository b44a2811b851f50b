// A name server that knows IPv4 addresses of a few names: arguments are `name=address`. Whatever else is asked of those has no
// answer, and other names do not exist.
import { createSocket } from 'node:dgram'

const known = new Map(process.argv.slice(2).map((text) => text.split('=')))
const HEADER = 12
const A = 1
const ANSWER = 0x8480
const NO_SUCH_NAME = ANSWER | 3

function question(query) {
  const labels = []
  let at = HEADER
  while (query[at] !== 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]))
    at += 1 + query[at]
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** RFC 1035, 4.1: the header, the question once more, and an answer whose name points to the question's. */
function reply(query) {
  const { name, type, end } = question(query)
  const address = known.get(name)
  const found = address !== undefined && type === A
  const header = Buffer.alloc(HEADER)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(address === undefined ? NO_SUCH_NAME : ANSWER, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(found ? 1 : 0, 6)
  const parts = [header, query.subarray(HEADER, end)]
  if (found) parts.push(Buffer.from([0xc0, HEADER, 0, A, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]))
  return Buffer.concat(parts)
}

const socket = createSocket('udp4')
socket.on('message', (query, { address, port }) => socket.send(reply(query), port, address))
socket.bind(53, () => console.error('ready'))
