import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from '../run.ts'
import { lastLine, onPath } from '../tools.ts'

/** A Docker daemon that answers. `host` is absent when it is the one that runs on this machine anyway. */
export interface Daemon {
  readonly host?: string
  stop(): Promise<void>
}

const install =
  'install Docker and start it, or run the tests as root on Debian, where they start a daemon of their own'

/** Whether containers can be run here: what is missing, after installing what can be installed. */
export async function missingDocker(): Promise<string | undefined> {
  if (await answers()) return undefined
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return `no Docker daemon answers: ${install}`
  const programs = ['docker', 'dockerd', 'iptables', 'debootstrap']
  if (programs.every((name) => onPath(name) !== undefined)) return undefined
  if (onPath('apt-get') === undefined) return `no Docker daemon answers, and there is no apt-get: ${install}`
  const packages = ['docker.io', 'iptables', 'debootstrap', 'ca-certificates']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env, timeout: 300_000 })
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  const { code, stderr } = await run('apt-get', args, { env, timeout: 600_000 })
  return code === 0 ? undefined : `apt-get install ${packages.join(' ')} failed: ${lastLine(stderr)}; ${install}`
}

/** The daemon that runs here, or one that is started for these tests and leaves nothing behind. */
export async function startDaemon(): Promise<Daemon> {
  if (await answers()) return { stop: () => Promise.resolve() }
  const folder = mkdtempSync(join(tmpdir(), 'meltemi-docker-'))
  const host = `unix://${folder}/docker.sock`
  const log = openSync(join(folder, 'log'), 'w')
  const roots = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '--pidfile', `${folder}/pid`]
  const child = spawn('dockerd', [...roots, '-H', host], { stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  for (let attempt = 0; attempt < 150 && child.exitCode === null; attempt += 1) {
    if (await answers(host)) return { host, stop }
    await delay(200)
  }
  const said = readFileSync(join(folder, 'log'), 'utf8').slice(-2000)
  await stopFailed(child, stop)
  throw new Error(`dockerd does not answer:\n${said}`)
}

async function stopFailed(child: ChildProcess, stop: () => Promise<void>): Promise<void> {
  if (child.exitCode === null) await stop()
}

async function answers(host?: string): Promise<boolean> {
  if (onPath('docker') === undefined) return false
  const env = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host }
  // The client alone answers `info` with exit code 0 when it is asked for nothing of the server's.
  return (await run('docker', ['info', '--format', '{{.ServerVersion}}'], { env, timeout: 20_000 })).code === 0
}
