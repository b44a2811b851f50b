// `node echo.mjs <name> <port>...`: answers each piece of what it gets with its own name in front.
import { createServer } from 'node:net'

const [name, ...ports] = process.argv.slice(2)
let open = ports.length
for (const port of ports) {
  const server = createServer((socket) => {
    socket.on('data', (data) => socket.write(`${name} ${data}`))
    socket.on('error', () => socket.destroy())
  })
  server.listen(Number(port), () => {
    open -= 1
    if (open === 0) console.error('ready')
  })
}
