import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, succeed } from '../run.ts'
import { cacheFolder } from '../tools.ts'
import type { Daemon } from './daemon.ts'

const official = 'node:22-slim'
const local = 'meltemi.test/node:22-slim'
const nodeVersion = '22.23.3'
const npmVersion = '10.9.4'
const certificates = '/etc/ssl/certs/ca-certificates.crt'

/**
 * The image that the Dockerfile's `BASE` names. A user's own daemon has it or pulls it. For a daemon started by the tests it is
 * made from Debian's and npm's packages, once, so that the tier needs no image registry.
 */
export async function baseImage(daemon: Daemon): Promise<string> {
  if (daemon.host === undefined && (await has(official))) return official
  await importRoot()
  return local
}

async function has(image: string): Promise<boolean> {
  if ((await run('docker', ['image', 'inspect', image])).code === 0) return true
  return (await run('docker', ['pull', '--quiet', image], { timeout: 180_000 })).code === 0
}

async function importRoot(): Promise<void> {
  const archive = join(cacheFolder(), `node-${nodeVersion}-bookworm-${arch()}.tar`)
  if (!existsSync(archive)) await makeRoot(archive)
  // A machine whose network is inspected has its own certificates, and `npm ci` in the image must know them too.
  const trust =
    process.env.NODE_EXTRA_CA_CERTS === undefined ? [] : ['--change', `ENV NODE_EXTRA_CA_CERTS=${certificates}`]
  await succeed('docker', ['import', ...trust, archive, local], { timeout: 180_000 })
}

async function makeRoot(archive: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'meltemi-base-'))
  try {
    const root = join(work, 'root')
    await succeed('debootstrap', ['--variant=minbase', 'bookworm', root], { timeout: 300_000 })
    const bin = join(root, 'usr/local/bin')
    const modules = join(root, 'usr/local/lib/node_modules')
    mkdirSync(modules, { recursive: true })
    copyFileSync(join(await unpack(work, `node-linux-${arch()}`, nodeVersion), 'bin/node'), join(bin, 'node'))
    cpSync(await unpack(work, 'npm', npmVersion), join(modules, 'npm'), { recursive: true })
    for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name))
    const extra = process.env.NODE_EXTRA_CA_CERTS
    if (extra !== undefined) {
      mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true })
      copyFileSync(extra, join(root, certificates))
    }
    await succeed('tar', [
      '-C',
      root,
      '-cf',
      `${archive}.new`,
      '--exclude=./var/cache/apt/*',
      '--exclude=./var/lib/apt/lists/*',
      '.',
    ])
    renameSync(`${archive}.new`, archive)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The folder of an npm package's files. */
async function unpack(work: string, name: string, version: string): Promise<string> {
  const folder = join(work, name)
  mkdirSync(folder)
  const packed = await succeed('npm', ['pack', '--silent', `${name}@${version}`], { cwd: folder, timeout: 300_000 })
  await succeed('tar', ['-xzf', packed.trim(), '--no-same-owner'], { cwd: folder })
  return join(folder, 'package')
}
