import { dump, load } from 'js-yaml'
import { type Subject, subjectOf } from 'meltemi/testing'
import { GOLDEN, type Mutation, spoilOutput } from './mutation.ts'

/** Faults that the shared part of a function can have. */
export const wireMutations: readonly Mutation[] = [
  {
    name: 'port 0 is matched',
    caughtBy: 'a filter names the port that asked for it',
    on: 'defaults',
    mutate: replace(/_20880"/g, '_0"'),
  },
  {
    name: "the first service's port is matched for every service",
    caughtBy: 'a filter names the port that asked for it',
    on: 'other-host',
    mutate: replace('240.240.0.40_20990', '240.240.0.40_20880'),
  },
  {
    name: 'the address of another service is matched',
    caughtBy: 'a filter names the port that asked for it',
    on: 'other-host',
    mutate: replace('240.240.0.40_20990', '240.240.0.10_20990'),
  },
  {
    name: 'one of several addresses is left out',
    caughtBy: 'a port that asks for the protocol gets a filter or a result',
    on: 'several-vips',
    mutate: replace('240.240.0.11_20880', '240.240.0.10_20880'),
  },
  {
    name: 'inbound and outbound are swapped',
    caughtBy: 'a filter names the port that asked for it',
    on: 'defaults',
    mutate: replace(/SIDECAR_OUTBOUND/g, 'SIDECAR_INBOUND'),
  },
  {
    name: 'the inbound chain is found by the port of the service',
    caughtBy: 'a filter names the port that asked for it',
    on: 'inbound',
    mutate: replace('destinationPort: 20890', 'destinationPort: 20880'),
  },
  {
    name: 'the filter goes to the wrong namespace',
    caughtBy: GOLDEN,
    on: 'defaults',
    mutate: replace('namespace: istio-system', 'namespace: default'),
  },
  {
    name: 'a field of Envoy is misspelt',
    caughtBy: 'Envoy takes every config, on every release of the range',
    on: 'defaults',
    mutate: replace('stat_prefix:', 'stat_prfix:'),
  },
  {
    name: 'a field of the EnvoyFilter is misspelt',
    caughtBy: 'Envoy takes every config, on every release of the range',
    on: 'defaults',
    mutate: replace('configPatches:', 'configPatch:'),
  },
  {
    name: 'comments are lost',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'as-kpt-sends-it',
    mutate: replace(/ +#.*$/m, ''),
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
    mutate: replace('location: MESH_INTERNAL', 'location: MESH_EXTERNAL'),
  },
  {
    name: 'line ends are made uniform',
    caughtBy: 'what is not ours leaves byte for byte as it came',
    on: 'defaults',
    mutate: replace(/\r\n/g, '\n'),
  },
  {
    name: 'the byte order mark is dropped',
    caughtBy: 'CRLF, a byte order mark and JSON change nothing else',
    on: 'defaults',
    mutate: replace('\uFEFF', ''),
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
    mutate: replace(/^(items:\n)(- .*\n(?: {2}.*\n)*)(- .*\n(?: {2}.*\n)*)/m, '$1$3$2'),
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
    mutate: replace(/"name":"ports-a-string"/g, '"name":"x"'),
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
    mutate: replace('severity: warning', 'severity: warn'),
  },
  {
    name: 'a result names the wrong object',
    caughtBy: 'every result stands at something that the input has',
    on: 'missing-subset',
    mutate: replace(/(resourceRef:\n.*\n.*\n +name: )orders/, '$1order'),
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

function replace(pattern: string | RegExp, text: string): Mutation['mutate'] {
  return spoilOutput((output) => output.replace(pattern, text))
}

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
