// A consumer made by hand: sends one Dubbo request, reads the answer, and closes its connection.
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/** A string in Hessian 2 of fewer than 32 characters. */
function text(value) {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
}

/** A two-way request (0xc2: with Hessian 2) without arguments; an empty map ends it. */
function request({ interface: name, method }) {
  const body = Buffer.concat([...['2.0.2', name, '0.0.0', method, ''].map(text), Buffer.from('HZ')])
  const head = Buffer.alloc(16)
  head.writeUInt16BE(0xdabb, 0)
  head.writeUInt8(0xc2, 2)
  head.writeUInt32BE(1, 8)
  head.writeUInt32BE(body.length, 12)
  return Buffer.concat([head, body])
}

function call(given) {
  return new Promise((resolve) => {
    const socket = connect(given.port, given.address, () => socket.write(request(given)))
    const end = (reply) => {
      socket.destroy()
      resolve(reply)
    }
    socket.setTimeout(5000, () => end({ error: 'no answer' }))
    socket.on('data', (data) => end({ error: `status ${data[3]}` }))
    socket.on('error', (problem) => end({ error: problem.message }))
    socket.on('end', () => end({ error: 'connection closed' }))
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line)
  const replies = []
  for (let i = 0; i < given.times; i += 1) replies.push(await call(given))
  console.log(`> ${JSON.stringify({ replies })}`)
}
