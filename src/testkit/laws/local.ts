import { compare } from '../../krm/compare.ts'
import { filtersOf, listText, runOn, type Subject } from '../subject.ts'
import { list, nameOf, read, text, view } from '../view.ts'
import { firstDifference } from './same-bytes.ts'

const NAMESPACE = 'law-of-neighbours'

export async function local(subject: Subject, input: string): Promise<readonly string[]> {
  const seen = view(input)
  if (typeof seen === 'string') return [`the input is no ResourceList: ${seen}`]
  const items = seen.items.map(({ value }) => value)
  const alone = await othersFilters(subject, listText(items, seen.functionConfig))
  const violations: string[] = []
  for (const [how, neighbours] of Object.entries({ healthy: healthy(subject), broken: broken(subject) })) {
    const together = listText([...neighbours, ...items], seen.functionConfig)
    const filters = await othersFilters(subject, together)
    if (filters !== alone) violations.push(firstDifference(`beside ${how} neighbours, the output`, alone, filters))
    if (how === 'broken') violations.push(...(await unreported(subject, together, neighbours)))
  }
  return violations
}

/** The filters of everybody but the neighbours, as one comparable text. */
async function othersFilters(subject: Subject, input: string): Promise<string> {
  const run = await runOn(subject, input)
  if (typeof run === 'string') return run
  return filtersOf(subject, run.view)
    .map((filter) => JSON.stringify(filter))
    .filter((filter) => !filter.includes(NAMESPACE))
    .sort(compare)
    .join('\n')
}

async function unreported(subject: Subject, input: string, neighbours: readonly unknown[]): Promise<readonly string[]> {
  const run = await runOn(subject, input)
  if (typeof run === 'string') return [run]
  const named = new Set(list(run.view.results).map((result) => text(read(result, 'resourceRef', 'name'))))
  return neighbours
    .filter((object) => !named.has(text(read(object, 'metadata', 'name'))))
    .map((object) => `${nameOf(object)} is broken (${JSON.stringify(read(object, 'spec'))}), and no result says so`)
}

function healthy({ protocol }: Subject): readonly unknown[] {
  return [
    serviceEntry('unrelated', { ...SPEC, ports: [port(`tcp-not${protocol.name}`, 47001)] }),
    serviceEntry('sibling', { ...SPEC, addresses: ['240.250.0.2'], ports: [port(`tcp-${protocol.name}`, 47002)] }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'unrelated', namespace: NAMESPACE }, data: { a: 'b' } },
  ]
}

function broken({ protocol }: Subject): readonly unknown[] {
  const ours = `tcp-${protocol.name}`
  return [
    serviceEntry('no-hosts', { ...SPEC, hosts: undefined, ports: [port(ours, 47003)] }),
    serviceEntry('hosts-a-number', { ...SPEC, hosts: 7, ports: [port(ours, 47003)] }),
    serviceEntry('ports-a-string', { ...SPEC, ports: 'many' }),
    serviceEntry('port-zero', { ...SPEC, ports: [port(ours, 0)] }),
    serviceEntry('port-too-large', { ...SPEC, ports: [port(ours, 70000)] }),
    serviceEntry('no-spec', undefined),
    {
      ...object('networking.istio.io/v1', 'VirtualService', 'routes-a-string'),
      spec: { hosts: ['x.test'], http: 'all' },
    },
    { ...object('networking.istio.io/v1', 'DestinationRule', 'host-a-number'), spec: { host: 7 } },
    { ...object('v1', 'Service', 'ports-a-map'), spec: { ports: { [ours]: 47003 } } },
  ]
}

const SPEC = { hosts: [`host.${NAMESPACE}`], addresses: ['240.250.0.1'], resolution: 'STATIC' }

function serviceEntry(name: string, spec: unknown): unknown {
  return { ...object('networking.istio.io/v1', 'ServiceEntry', name), ...(spec === undefined ? {} : { spec }) }
}

function object(apiVersion: string, kind: string, name: string): object {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE } }
}

function port(name: string, number: number): unknown {
  return { name, number, protocol: 'TCP' }
}
