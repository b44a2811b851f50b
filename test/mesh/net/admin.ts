import { request } from 'node:http'

/** A GET on Envoy's admin interface, which listens on a Unix socket; rejects after two seconds. */
export function admin(socket: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: socket, path, timeout: 2000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
    })
    call.on('timeout', () => call.destroy(new Error(`no answer to ${path}`)))
    call.on('error', reject)
    call.end()
  })
}
