// `node breaks-off.mjs <port>`: a provider that dies in the middle of a call: it reads a request and closes.
import { createServer } from 'node:net'

createServer((socket) => {
  socket.on('data', () => socket.destroy())
  socket.on('error', () => socket.destroy())
}).listen(Number(process.argv[2]), () => console.error('ready'))
