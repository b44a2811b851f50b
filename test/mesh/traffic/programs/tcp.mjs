// Makes plain TCP calls: sends `send`, and gives back the first piece of the answer.
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

function call({ address, port, send }) {
  return new Promise((resolve) => {
    const socket = connect(port, address, () => socket.write(send))
    const end = (reply) => {
      socket.destroy()
      resolve(reply)
    }
    socket.setTimeout(5000, () => end({ error: 'no answer' }))
    socket.on('data', (data) => end({ value: String(data) }))
    socket.on('error', (problem) => end({ error: problem.message }))
    socket.on('end', () => end({ error: 'connection closed' }))
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  const replies = []
  for (let i = 0; i < request.times; i += 1) replies.push(await call(request))
  console.log(`> ${JSON.stringify({ replies })}`)
}
