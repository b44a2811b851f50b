import { describe, expect, it } from 'vitest'
import { plainProtocol } from './plain-protocol.test-support.ts'
import { type Host, main } from './run.ts'

const LIST = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n'

/** A process with a list on stdin, and what it says on stderr. */
function host(overrides: Partial<Host>): { readonly host: Host; readonly said: string[] } {
  const said: string[] = []
  const fake: Host = {
    args: [],
    isTerminal: false,
    readInput: async () => Buffer.from(LIST),
    writeOutput: async () => undefined,
    writeError: async (text) => {
      said.push(text)
    },
    ...overrides,
  }
  return { host: fake, said }
}

describe('a stdout that takes no more', () => {
  const writeOutput = () => Promise.reject(new Error('ENOSPC: no space left on device, write'))

  it.each([[[]], [['--help']], [['--version']]])('is said and fails the run: %j', async (args) => {
    const { host: full, said } = host({ args, writeOutput })

    expect(await main(plainProtocol, full)).toBe(1)
    expect(said).toEqual([
      'error: cannot write all of the output to stdout: Error: ENOSPC: no space left on device, write\n',
    ])
  })
})

it('succeeds where nothing is wrong', async () => {
  const written: string[] = []
  const { host: plain, said } = host({
    writeOutput: async (text) => {
      written.push(text)
    },
  })

  expect(await main(plainProtocol, plain)).toBe(0)
  expect([written, said]).toEqual([[LIST], []])
})
