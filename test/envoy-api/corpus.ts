import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A config to judge: a filter's typed_config with its `@type`, or a cluster. */
export interface Case {
  readonly name: string
  readonly kind: 'filter' | 'cluster'
  readonly config: Readonly<Record<string, unknown>>
}

interface CaseFile {
  readonly type?: string
  readonly cases: readonly {
    readonly name: string
    readonly type?: string
    readonly config: Readonly<Record<string, unknown>>
  }[]
}

/** Every hand-made config of `configs/`, named `<file>: <name>`. */
export function corpus(): readonly Case[] {
  const dir = new URL('configs/', import.meta.url)
  const files = readdirSync(dir).filter((file) => file.endsWith('.yaml'))
  return files.sort().flatMap((file) => cases(file.replace('.yaml', ''), readFileSync(new URL(file, dir), 'utf8')))
}

function cases(file: string, text: string): readonly Case[] {
  // The files are our own; their shape is what `Case` needs.
  const { type, cases: list } = parse(text, { merge: true, maxAliasCount: -1 }) as CaseFile
  return list.map((one) => {
    const of = one.type ?? type
    const config = of === undefined ? one.config : { '@type': `type.googleapis.com/${of}`, ...one.config }
    return { name: `${file}: ${one.name}`, kind: of === undefined ? 'cluster' : 'filter', config }
  })
}
