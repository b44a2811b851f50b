import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { goModule } from '../../tools/envoy-api/collect.ts'
import type { Minor } from '../../tools/envoy-api/roots.ts'
import { cacheFolder } from '../mesh/setup/cache.ts'
import type { Verdict } from './envoy.ts'

/** A message to judge, in JSON, by its protobuf name. */
export interface Question {
  readonly type: string
  readonly value: unknown
}

/** The verdicts of strict protojson and generated PGV of one minor, in the order of the questions. */
export function askGo(pin: Minor, questions: readonly Question[]): Promise<readonly Verdict[]> {
  const child = spawn(oracle(pin), [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const lines = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1)
      if (code !== 0 || lines.length !== questions.length)
        return reject(new Error(`oracle: exit code ${code}, ${lines.length} answers`))
      resolve(lines.map((line) => (line === 'ok' ? undefined : line)))
    })
  })
}

/** The oracle's binary for a minor, built once and kept in the cache by its sources and pins. */
function oracle(pin: Minor): string {
  const sources = ['oracle', 'collector'].flatMap((folder) => {
    const dir = new URL(`../../tools/envoy-api/${folder}/`, import.meta.url)
    return readdirSync(dir).map((file) => readFileSync(new URL(file, dir), 'utf8'))
  })
  const key = createHash('sha256')
    .update(JSON.stringify([pin, sources]))
    .digest('hex')
    .slice(0, 16)
  const binary = join(cacheFolder(), 'envoy-oracle', `${pin.minor}-${key}`)
  if (existsSync(binary)) return binary
  const dir = mkdtempSync(join(tmpdir(), 'envoy-oracle-'))
  try {
    goModule(dir, pin, 'oracle')
    execFileSync('go', ['build', '-o', 'oracle', '.'], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] })
    mkdirSync(join(cacheFolder(), 'envoy-oracle'), { recursive: true })
    renameSync(join(dir, 'oracle'), binary)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  return binary
}
