import type { KubernetesObject } from '../../src/krm/object.ts'
import type { Case } from './cases.ts'
import { type Translation, translate } from './check-case.ts'
import { at, listAt, numberAt, objectAt, textAt } from './json.ts'
import { loadAll } from './load.ts'
import type { Verdict } from './outcome.ts'
import type { Tools } from './tools.ts'
import type { AskedPort } from './view/asked-ports.ts'

/** A mistake that the tier must see, whatever the protocol. */
interface Mutation {
  readonly mistake: string
  /** Makes the mistake in a patch; `undefined`: this patch offers no occasion. */
  readonly make: (patch: unknown, asked: readonly AskedPort[]) => unknown
  /** What the tier must say: what a user would have met. */
  readonly sees: RegExp
}

const mutations: readonly Mutation[] = [
  {
    mistake: 'a wrong port in the name of the listener',
    make: (patch) =>
      withListener(patch, (name) => ({ name: name.replace(/\d+$/, (port) => String(Number(port) + 1)) })),
    sees: /no listener is named `\S+`; the nearest is `\S+`/,
  },
  {
    mistake: 'a listener name of an address that nobody has',
    make: (patch) => withListener(patch, (name) => ({ name: name.replace(/^[\d.]+/, '10.255.255.254') })),
    sees: /no listener is named `10\.255\.255\.254_\d+`/,
  },
  {
    mistake: 'a match by port number, which another team shares',
    make: (patch) => withListener(patch, (name) => ({ portNumber: Number(name.split('_')[1]) })),
    sees: /no port that is asked for is behind it: traffic that is not ours would change/,
  },
  {
    mistake: 'an extension that Envoy does not have',
    make: (patch) => withValue(patch, () => ({ name: 'meltemi.no_such_extension', typed_config: UNKNOWN_TYPE })),
    sees: /refuses it: .*Didn't find a registered implementation/,
  },
  {
    mistake: 'a field that the filter does not have',
    make: (patch) =>
      withValue(patch, (value) => ({ typed_config: { ...objectAt(value, 'typed_config'), no_such_field: true } })),
    sees: /kubectl apply warns: .*unknown field "no_such_field"/,
  },
  {
    mistake: "the Service's port instead of the container's",
    make: withServicePort,
    sees: /no inbound chain is for port \d+: .*the container's port counts/,
  },
  {
    mistake: 'a filter behind the one that ends the chain',
    make: (patch) =>
      isFilter(patch)
        ? { ...objectAt([patch], 0), patch: { ...objectAt(patch, 'patch'), operation: 'ADD' } }
        : undefined,
    sees: /must be the terminal|refuses it: .*terminal/,
  },
]

const UNKNOWN_TYPE = {
  '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
  type_url: 'type.googleapis.com/meltemi.NoSuchExtension',
  value: {},
}

/**
 * Makes each mistake in the first correct case of each function that offers an occasion, and requires the tier to say
 * what it leads to.
 */
export async function mutationVerdicts(cases: readonly Case[], tools: Tools): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const protocol of new Set(cases.map((one) => one.protocol))) {
    const own = cases.filter((one) => one.protocol === protocol && one.filters.length > 0)
    const left = new Set(mutations)
    for (const correct of own) {
      if (left.size === 0) break
      const { findings, view } = await translate(correct, tools.controlPlane)
      if (findings.length > 0) continue
      for (const mutation of left) {
        const wrong = mutated(correct, mutation, view.asked)
        if (wrong === undefined) continue
        left.delete(mutation)
        verdicts.push(await mustFail(wrong, mutation, tools))
      }
    }
  }
  return verdicts
}

/** The case with the mistake in the first patch that offers an occasion. */
function mutated(correct: Case, { mistake, make }: Mutation, asked: readonly AskedPort[]): Case | undefined {
  for (const [position, filter] of correct.filters.entries()) {
    const patches = listAt(filter, 'spec', 'configPatches')
    for (const [index, patch] of patches.entries()) {
      const wrong = make(patch, asked)
      if (wrong === undefined) continue
      const configPatches = replaced(patches, index, wrong)
      const broken: KubernetesObject = { ...filter, spec: { ...objectAt(filter, 'spec'), configPatches } }
      return {
        ...correct,
        name: `${correct.name} with ${mistake}`,
        filters: replaced(correct.filters, position, broken),
      }
    }
  }
  return undefined
}

function replaced<T>(list: readonly T[], position: number, item: T): readonly T[] {
  return list.map((old, index) => (index === position ? item : old))
}

async function mustFail(wrong: Case, mutation: Mutation, tools: Tools): Promise<Verdict> {
  const translation = await translate(wrong, tools.controlPlane)
  const found = translation.findings.map(({ message }) => message)
  const said = found.some((message) => mutation.sees.test(message))
    ? found
    : [...found, ...(await refusals(wrong, translation, tools))]
  const fault = `must be seen and said as ${mutation.sees}, and the tier says ${said.length === 0 ? 'nothing' : said.join('; ')}`
  return { name: `${wrong.name} fails`, faults: said.some((message) => mutation.sees.test(message)) ? [] : [fault] }
}

async function refusals(wrong: Case, translation: Translation, tools: Tools): Promise<readonly string[]> {
  const trials = await loadAll(wrong.name, translation, { ...tools, envoys: tools.envoys.slice(-1) })
  return trials.flatMap(({ reasons }) => reasons.map((reason) => `refuses it: ${reason}`))
}

function isFilter(patch: unknown): boolean {
  return textAt(patch, 'applyTo') === 'NETWORK_FILTER' && textAt(patch, 'patch', 'operation') === 'REPLACE'
}

function withListener(patch: unknown, change: (name: string) => object): unknown {
  const name = textAt(patch, 'match', 'listener', 'name')
  if (name === undefined || !isFilter(patch)) return undefined
  const listener = { filterChain: at(patch, 'match', 'listener', 'filterChain'), ...change(name) }
  return { ...objectAt([patch], 0), match: { ...objectAt(patch, 'match'), listener } }
}

function withServicePort(patch: unknown, asked: readonly AskedPort[]): unknown {
  const port = numberAt(patch, 'match', 'listener', 'filterChain', 'destinationPort')
  const service = asked.find(({ containers, number }) => number !== port && containers.some((one) => one.port === port))
  if (service === undefined) return undefined
  const filterChain = { ...objectAt(patch, 'match', 'listener', 'filterChain'), destinationPort: service.number }
  return { ...objectAt([patch], 0), match: { ...objectAt(patch, 'match'), listener: { filterChain } } }
}

function withValue(patch: unknown, change: (value: object) => object): unknown {
  if (!isFilter(patch)) return undefined
  const value = objectAt(patch, 'patch', 'value')
  return { ...objectAt([patch], 0), patch: { ...objectAt(patch, 'patch'), value: { ...value, ...change(value) } } }
}
