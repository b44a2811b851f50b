import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readGolden } from './golden.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meltemi-golden-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(join(folder, 'golden', path, '..'), { recursive: true })
  writeFileSync(join(folder, 'golden', path), text)
}

test('cases come in code-unit order, with their output where there is one', () => {
  write('b/in.yaml', 'b')
  write('B/in.yaml', 'B')
  write('B/out.yaml', 'out of B')
  expect(readGolden(folder).cases).toEqual([
    { name: 'B', input: 'B', output: 'out of B', outputFile: join(folder, 'golden/B/out.yaml') },
    { name: 'b', input: 'b', outputFile: join(folder, 'golden/b/out.yaml') },
  ])
})

test('an output without an input, and a file of no case, are orphans', () => {
  write('gone/out.yaml', 'of a case that was renamed')
  write('kept/in.yaml', '')
  write('kept/out.yml', 'a misspelt name')
  write('notes.txt', '')
  expect(readGolden(folder).orphans).toEqual(['golden/gone', 'golden/notes.txt', 'golden/kept/out.yml'])
})

test('a folder without cases has none', () => {
  expect(readGolden(folder)).toEqual({ cases: [], orphans: [] })
})
