import { expect, it } from 'vitest'
import { root } from '../../scripts/functions.ts'
import { succeed } from './run.ts'

it.each([
  ['meltemi', 'defineProtocol'],
  ['meltemi', 'run'],
  ['meltemi/kpt', 'asKptFunc'],
])('Node by itself finds %s, and %s in it', async (specifier, name) => {
  const code = `console.log(typeof (await import('${specifier}')).${name})`

  // The package finds itself by its name, as one that depends on it would: by `exports`, in `dist`.
  const printed = await succeed(process.execPath, ['--input-type=module', '--eval', code], { cwd: root })

  expect(printed.trim()).toBe('function')
})
