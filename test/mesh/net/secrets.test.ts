import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { mountScript, SECRET, secretsIn } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'meltemi-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('files and variables are those that EnvoyFilters name, at any depth, and no others', () => {
  const value = {
    auth: [{ filename: '/etc/redis/password' }, { environment_variable: 'PASSWORD' }, { inline_string: 'x' }],
  }
  const metadata = { name: 'a' }
  const filter = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata, spec: { value } }
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { filename: '/etc/other' } }
  expect(secretsIn([filter, other], {})).toEqual({ files: ['/etc/redis/password'], variables: ['PASSWORD'] })
})

test('a pod has what filters that select it name', () => {
  const filter = (labels: object, filename: string) => ({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'a' },
    spec: { workloadSelector: { labels }, value: { filename } },
  })
  const filters = [filter({ has: 'one' }, '/one'), filter({ has: 'two' }, '/two')]
  expect(secretsIn(filters, { app: 'x', has: 'one' }).files).toEqual(['/one'])
  expect(secretsIn(filters, { app: 'x' }).files).toEqual([])
})

test('a file is laid over the folder that it is in, with its content', () => {
  const script = mountScript({ files: ['/etc/no-such-folder/password'], variables: [] }, folder)
  expect(script).toBe(
    `mount -t overlay overlay -o lowerdir=/etc,upperdir=${folder}/upper/etc,workdir=${folder}/work/etc /etc`,
  )
  expect(readFileSync(join(folder, 'upper/etc/no-such-folder/password'), 'utf8')).toBe(SECRET)
})

test('a file that the machine has stays as it is', () => {
  expect(mountScript({ files: ['/etc/passwd'], variables: [] }, folder)).toBe('')
})

test('another text for such a file hides it', () => {
  const script = mountScript({ files: [], variables: [] }, folder, { '/etc/passwd': 'nobody' })
  expect(script).toContain('/etc')
  expect(readFileSync(join(folder, 'upper/etc/passwd'), 'utf8')).toBe('nobody')
})
