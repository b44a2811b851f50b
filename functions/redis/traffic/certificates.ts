import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DriverTools } from '../../../test/mesh/traffic/driver.ts'

/** A folder with a private authority (`ca`), one that signed nothing (`stranger`), and pairs of the first, each `.crt` and `.key`. */
export async function makeCertificates(tools: DriverTools): Promise<string> {
  const folder = tools.folder('redis-certificates')
  const make = (name: string, ...options: readonly string[]): Promise<string> =>
    tools.command('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)],
      ...options,
    ])
  const signed = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key')]
  const pair = (name: string, alternativeNames: string): Promise<string> =>
    make(
      name,
      ...signed,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-addext',
      `subjectAltName=${alternativeNames}`,
    )
  await Promise.all([make('ca'), make('stranger')])
  await Promise.all([
    pair('by-name', 'DNS:redis.shop.example'),
    pair('by-address', 'IP:10.1.0.64'),
    pair('wildcard', 'DNS:*.redis.example'),
    pair('client', 'DNS:storefront.shop.example'),
  ])
  return folder
}

/** What DestinationRules of mesh.yaml name. */
export function mountCertificates(folder: string, { mount }: DriverTools): void {
  for (const file of ['ca.crt', 'stranger.crt', 'client.crt', 'client.key'])
    mount(`/etc/redis-tls/${file}`, readFileSync(join(folder, file), 'utf8'))
}
