import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { KubernetesObject } from '../../src/krm/object.ts'
import type { Envoy } from './setup/envoy-binary.ts'

/** The folder of one run: sockets, logs, and what is left behind for a person when something fails. */
export interface RunFolder {
  readonly path: string
  /** Makes a folder in it that every user may write to. */
  folder(name: string): string
  /** A path for a Unix socket, which may have 107 characters at most. */
  socket(): string
  /** Leaves files behind; gives the folder to name in a message. */
  evidence(name: string, files: Readonly<Record<string, string>>): string
  /** Removes it, unless something was left behind. */
  close(): void
}

export function runFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'meltemi-mesh-'))
  chmodSync(path, 0o755)
  let kept = false
  let sockets = 0
  const folder = (name: string): string => {
    const made = join(path, name)
    mkdirSync(made, { recursive: true })
    // Sidecars run as another user, and make sockets.
    chmodSync(made, 0o777)
    return made
  }
  return {
    path,
    folder,
    socket: () => {
      sockets += 1
      return join(folder('s'), String(sockets))
    },
    evidence: (name, files) => {
      kept = true
      const made = folder(join('failed', name.replace(/[^\w.-]+/g, '-')))
      for (const [file, text] of Object.entries(files)) writeFileSync(join(made, file), text)
      return made
    },
    close: () => {
      if (!kept) rmSync(path, { recursive: true, force: true })
    },
  }
}

export function manifestsText(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n')
}

/** The sidecar's user cannot look into the home folder of root, where the cache may be: it gets a copy. */
export function readableEnvoy(envoy: Envoy, run: RunFolder): Envoy {
  const binary = join(run.folder('bin'), `envoy-${envoy.envoy}`)
  copyFileSync(envoy.binary, binary)
  chmodSync(binary, 0o755)
  return { ...envoy, binary }
}
