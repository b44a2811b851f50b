import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from '../../scripts/functions.ts'

/** The bundle under test. */
export const bundle: string = join(root, 'dist/dubbo.mjs')

/** A throw-away copy of what a user has: the example and the built function where the example expects it. */
export interface Repository {
  readonly root: string
  /** `examples/dubbo` in it. */
  readonly folder: string
}

/** Copies the example for the test that calls this, which owns it until it ends. */
export function repository(): Repository {
  const copy = temporaryFolder()
  const folder = join(copy, 'examples/dubbo')
  // `meltemi/` is what a render of the example leaves.
  cpSync(join(root, 'examples/dubbo'), folder, { recursive: true, filter: (path) => basename(path) !== 'meltemi' })
  mkdirSync(join(copy, 'dist'))
  copyFileSync(bundle, join(copy, 'dist/dubbo.mjs'))
  return { root: copy, folder }
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'meltemi-hosts-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The text of every file below a folder, by slash path. */
export function filesOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = paths.filter((path) => statSync(join(folder, path)).isFile())
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

/** Replaces text that must be there. */
export function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} holds no ${JSON.stringify(from)}`)
  writeFileSync(file, text.replace(from, to))
}

/** Adds a resource file to the example, for kpt (which reads every file) and for kustomize (which reads a list). */
export function addResource(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text)
  edit(join(folder, 'kustomization.yaml'), 'resources:\n', `resources:\n  - ${name}\n`)
}

export function removeResource(folder: string, name: string): void {
  rmSync(join(folder, name))
  edit(join(folder, 'kustomization.yaml'), `  - ${name}\n`, '')
}

/** What the functions must not touch, written as awkwardly as a person may: comments, quotes, wide and compact lists. */
export const foreign = `# A settings file that nobody here owns.
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings # the name
  namespace: shop
  annotations: {note: "on"}
data:
  enabled: "yes"
  # a folded text
  text: >-
    one
    two
  port: '0123'
`

/** A service of its own, so that a test can remove it again. */
export const extra = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: returns
  namespace: shop
  annotations:
    interface: org.example.shop.ReturnService
spec:
  hosts: [returns.shop.dubbo]
  addresses: [240.240.0.12]
  location: MESH_INTERNAL
  resolution: STATIC
  ports:
    - {number: 20880, name: tcp-dubbo, protocol: TCP}
  endpoints:
    - address: 10.0.0.12
`

/** A service whose port cannot exist: every function must refuse it, and say where. */
export const broken = extra.replaceAll('returns', 'refunds').replace('number: 20880', 'number: 70000')

/** ConfigMaps of more than two megabytes: 32 times what a pipe holds. */
export function bulk(): string {
  return Array.from(
    { length: 200 },
    (_, index) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bulk-${index}\n  namespace: shop\ndata:\n  text: ${'x'.repeat(12_000)}\n`,
  ).join('---\n')
}
