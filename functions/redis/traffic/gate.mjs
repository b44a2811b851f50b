// A door to a node that opens by TLS for clients that say a name (SNI), and for no others. Arguments: that name, a file of the
// authority, of the certificate and of its key, and the node's address.
import { readFileSync } from 'node:fs'
import { connect, createSecureContext, createServer } from 'node:tls'

const [, , wanted, ca, cert, key, node] = process.argv
const own = createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) })

function end(...sockets) {
  for (const socket of sockets) socket.destroy()
}

// Without a certificate of its own the server has none for a client that says nothing.
const server = createServer({
  SNICallback: (name, answer) => (name === wanted ? answer(null, own) : answer(new Error(`no ${name} here`))),
})
server.on('secureConnection', (client) => {
  const beyond = connect({ host: node, port: 6379, ca: readFileSync(ca), checkServerIdentity: () => undefined })
  client.pipe(beyond).pipe(client)
  for (const socket of [client, beyond]) {
    socket.on('error', () => end(client, beyond))
    socket.on('close', () => end(client, beyond))
  }
})
server.on('tlsClientError', () => {})
server.listen(6379, () => console.error('ready'))
