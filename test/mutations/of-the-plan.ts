import { at, type Destination, fail, type L7Port, type OutboundListener, warning } from 'meltemi'
import { GOLDEN, type Mutation, spoilListener, spoilPlan, spoilProtocol } from './mutation.ts'

/** Faults that an author of a protocol makes, Aeraki's among them. */
export const planMutations: readonly Mutation[] = [
  {
    name: 'the filter is forgotten',
    caughtBy: 'a port that asks for the protocol gets a filter or a result',
    on: 'defaults',
    mutate: spoilPlan((plan) => ({ ...plan, filters: [] })),
  },
  {
    name: 'a host is skipped without a word',
    caughtBy: 'a port that asks for the protocol gets a filter or a result',
    on: 'export-to',
    mutate: spoilProtocol((protocol) => ({
      ...protocol,
      outbound: (listener, context) =>
        listener.ports[0].hostname.startsWith('stock') ? fail([]) : protocol.outbound(listener, context),
    })),
  },
  {
    name: 'the buffers of the clusters are forgotten',
    caughtBy: GOLDEN,
    on: 'versions',
    mutate: spoilPlan((plan) => ({ ...plan, clusters: [] })),
  },
  {
    name: 'only the first match of a route is read',
    caughtBy: GOLDEN,
    on: 'several-matches',
    mutate: spoilPorts((port) => ({
      ...port,
      routes: port.routes.map((route) => ({ ...route, matches: route.matches.slice(0, 1) })),
    })),
  },
  {
    name: 'only the first port of a shared listener is served',
    caughtBy: 'a port that asks for the protocol gets a filter or a result',
    on: 'shared-port',
    mutate: spoilListener((listener) => ({ ...listener, ports: [listener.ports[0]] })),
  },
  {
    name: 'withoutHeaders is forgotten',
    caughtBy: GOLDEN,
    on: 'attachments',
    mutate: spoilPorts((port) => ({
      ...port,
      routes: port.routes.map((route) => ({
        ...route,
        matches: route.matches.map((match) => ({ ...match, withoutHeaders: [] })),
      })),
    })),
  },
  {
    name: 'the last route, which takes every other call, is forgotten',
    caughtBy: GOLDEN,
    on: 'versions',
    mutate: spoilPorts((port) => ({ ...port, routes: port.routes.slice(0, -1) })),
  },
  {
    name: 'the host of a destination is ignored',
    caughtBy: GOLDEN,
    on: 'other-host',
    mutate: spoilDestinations((destination, port) => ({ ...destination, cluster: port.cluster })),
  },
  {
    name: 'the port of a destination is the port of the service',
    caughtBy: 'a filter names the port that asked for it',
    on: 'other-host',
    mutate: spoilDestinations((destination, port) => ({
      ...destination,
      cluster: `outbound|${port.number}|${destination.subset ?? ''}|${destination.hostname}`,
    })),
  },
  {
    name: 'a subset is made up',
    caughtBy: 'a filter names the port that asked for it',
    on: 'versions',
    mutate: spoilDestinations((destination) => ({
      ...destination,
      cluster: `outbound|${destination.port}|canary|${destination.hostname}`,
    })),
  },
  {
    name: 'calls go to the HTTP beside',
    caughtBy: 'a filter names the port that asked for it',
    on: 'http-beside',
    mutate: spoilDestinations((destination) => ({ ...destination, cluster: `outbound|8080||${destination.hostname}` })),
  },
  {
    name: 'the protocol throws',
    caughtBy: 'the exit code and stderr follow from the results',
    on: 'defaults',
    mutate: spoilProtocol((protocol) => ({
      ...protocol,
      outbound: () => {
        throw new TypeError('undefined is not a function')
      },
    })),
  },
  {
    name: 'a result stands at a field that does not exist',
    caughtBy: 'every result stands at something that the input has',
    on: 'defaults',
    mutate: spoilProtocol((protocol) => ({
      ...protocol,
      remarks: ({ outbound }) =>
        outbound.map(({ ports: [port] }) => warning(at(port.place.source, 'spec.gateway'), 'must be there')),
    })),
  },
  {
    name: 'a filter is named after the place of its source in the list',
    caughtBy: 'the order of the items changes no filter',
    on: 'export-to',
    mutate: spoilStatPrefix(({ ports: [port] }) => `dubbo_${port.place.source.item}`),
  },
  {
    name: 'the time of the run is written down',
    caughtBy: 'another clock, time zone, locale and folder give the same bytes',
    on: 'defaults',
    mutate: spoilStatPrefix(() => `dubbo_${Date.now()}`),
  },
  {
    name: 'names are sorted by locale',
    caughtBy: 'another clock, time zone, locale and folder give the same bytes',
    on: 'defaults',
    mutate: spoilStatPrefix(() => ['a', 'b'].sort((a, b) => a.localeCompare(b)).join('')),
  },
  {
    name: 'a random number is written down',
    caughtBy: 'running it twice changes nothing more',
    on: 'defaults',
    mutate: spoilStatPrefix(() => `dubbo_${Math.random()}`),
  },
]

function spoilPorts(spoil: (port: L7Port) => L7Port): Mutation['mutate'] {
  return spoilListener((listener) => {
    const [first, ...others] = listener.ports
    return { ...listener, ports: [spoil(first), ...others.map(spoil)] }
  })
}

function spoilDestinations(spoil: (destination: Destination, port: L7Port) => Destination): Mutation['mutate'] {
  return spoilPorts((port) => ({
    ...port,
    routes: port.routes.map((route) => ({
      ...route,
      destinations: route.destinations.map((destination) => spoil(destination, port)),
    })),
  }))
}

function spoilStatPrefix(make: (listener: OutboundListener) => string): Mutation['mutate'] {
  return spoilPlan((plan, listener) => ({
    ...plan,
    filters: plan.filters.map((placement) =>
      placement.place === 'merge'
        ? placement
        : {
            ...placement,
            filter: {
              ...placement.filter,
              typed_config: { ...placement.filter.typed_config, stat_prefix: make(listener) },
            },
          },
    ),
  }))
}
