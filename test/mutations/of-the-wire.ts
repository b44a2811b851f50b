import { dump, load } from 'js-yaml'
import { type Subject, subjectOf } from 'meltemi/testing'
import { type Mutation, replaceInOutput, spoilOutput } from './mutation.ts'

/** Faults that the shared part of a function can have in what it reads and prints. */
export const wireMutations: readonly Mutation[] = [
  {
    name: 'comments are lost',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'as-kpt-sends-it',
    mutate: replaceInOutput(/ +#.*$/m, ''),
  },
  {
    name: 'the list is parsed and printed',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'as-kpt-sends-it',
    mutate: spoilOutput((output) => dump(load(output))),
  },
  {
    name: 'a foreign item is touched',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'defaults',
    mutate: replaceInOutput('location: MESH_INTERNAL', 'location: MESH_EXTERNAL'),
  },
  {
    name: 'line ends are made uniform',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'defaults',
    mutate: replaceInOutput(/\r\n/g, '\n'),
  },
  {
    name: 'the byte order mark is dropped',
    caughtBy: 'CRLF, a byte order mark and JSON change nothing else',
    on: 'defaults',
    mutate: replaceInOutput('\uFEFF', ''),
  },
  {
    name: 'JSON is answered with YAML',
    caughtBy: 'CRLF, a byte order mark and JSON change nothing else',
    on: 'defaults',
    mutate: spoilOutput((output) => (output.startsWith('{') ? dump(load(output)) : output)),
  },
  {
    name: 'foreign items change places',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'nothing-of-ours',
    mutate: replaceInOutput(/^(items:\n)(- .*\n(?: {2}.*\n)*)(- .*\n(?: {2}.*\n)*)/m, '$1$3$2'),
  },
  {
    name: 'stale outputs are kept',
    caughtBy: 'without its source a filter goes, and no other',
    on: 'defaults',
    mutate: (protocol) => aroundInput(subjectOf(protocol), hideOwners, showOwners),
  },
  {
    name: 'stale outputs are kept, and stand in the way of a second run',
    caughtBy: 'running it twice changes nothing more',
    on: 'defaults',
    mutate: (protocol) => aroundInput(subjectOf(protocol), hideOwners, showOwners),
  },
  {
    name: "other functions' outputs are dropped too",
    caughtBy: 'without its source a filter goes, and no other',
    on: 'defaults',
    mutate: (protocol) =>
      aroundInput(
        subjectOf(protocol),
        (input) => input.replaceAll('"notdubbo"', '"dubbo"'),
        (output) => output,
      ),
  },
  {
    name: 'filters are numbered, so that one that goes renames those behind it',
    caughtBy: 'without its source a filter goes, and no other',
    on: 'export-to',
    mutate: spoilOutput((output) => {
      const names = [...new Set(output.match(/dubbo-outbound-[\w-]+/g))]
      return output.replaceAll(/dubbo-outbound-[\w-]+/g, (name) => `dubbo-outbound-${names.indexOf(name)}`)
    }),
  },
  {
    name: 'one broken object costs every filter',
    caughtBy: 'neighbours, unrelated or broken, change no filter',
    on: 'defaults',
    mutate: (protocol) => ({
      protocol,
      run: async (text) => {
        const execution = await subjectOf(protocol).run(text)
        return execution.exitCode === 0 ? execution : { ...execution, output: text }
      },
    }),
  },
  {
    name: 'a broken object is passed over in silence',
    caughtBy: 'neighbours, unrelated or broken, change no filter',
    on: 'defaults',
    mutate: replaceInOutput(/"name":"ports-a-string"/g, '"name":"x"'),
  },
  {
    name: 'an error has the exit code 0',
    caughtBy: 'the exit code and stderr follow from the results',
    on: 'bad-regex',
    mutate: (protocol) => ({
      protocol,
      run: async (text) => ({ ...(await subjectOf(protocol).run(text)), exitCode: 0 }),
    }),
  },
  {
    name: "results have the severity of kpt's old SDK",
    caughtBy: 'the exit code and stderr follow from the results',
    on: 'defaults',
    mutate: replaceInOutput('severity: warning', 'severity: warn'),
  },
  {
    name: 'a result names the wrong object',
    caughtBy: 'every result stands at something that the input has',
    on: 'missing-subset',
    mutate: replaceInOutput(/(resourceRef:\n.*\n.*\n +name: )orders/, '$1order'),
  },
  {
    name: 'an error prints no list',
    caughtBy: 'any ResourceList in, a valid one out',
    on: 'defaults',
    mutate: (protocol) => ({
      protocol,
      run: async (text) => {
        const execution = await subjectOf(protocol).run(text)
        return execution.exitCode === 0 ? execution : { ...execution, output: undefined }
      },
    }),
  },
  {
    name: 'bad input throws',
    caughtBy: 'any ResourceList in, a valid one out',
    on: 'defaults',
    mutate: (protocol) => ({
      protocol,
      run: (text) => (text.includes('70000') ? Promise.reject(new RangeError('70000')) : subjectOf(protocol).run(text)),
    }),
  },
]

function aroundInput(
  { protocol, run }: Subject,
  before: (input: string) => string,
  after: (output: string) => string,
): Subject {
  return {
    protocol,
    run: async (text) => {
      const execution = await run(before(text))
      return { ...execution, output: execution.output === undefined ? undefined : after(execution.output) }
    },
  }
}

/** Our own objects of the input are taken for somebody else's. */
function hideOwners(input: string): string {
  return input.replaceAll(/(managed-by"?: ?"?)meltemi/g, '$1hidden')
}

function showOwners(output: string): string {
  return output.replaceAll(/(managed-by"?: ?"?)hidden/g, '$1meltemi')
}
