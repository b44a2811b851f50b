import { type Context, type Diagnostic, type Diagnostics, type L7Port, type Place, resultOf, warning } from 'meltemi'
import type { ThriftConfig } from './config.ts'
import { type PortSettings, settingsOf } from './settings.ts'

const NAME = 'thrift-explicit-wire'

/** What an explicit `transport` or `protocol` does to clients that speak another; once for each place that says one. */
export function wireWarnings(ports: readonly L7Port[], context: Context<ThriftConfig>): Diagnostics {
  if (context.profile.acknowledge.includes(NAME)) return []
  const found = new Map<string, Diagnostic>()
  for (const port of ports) {
    const settings = resultOf(settingsOf(port, context))
    for (const { place, message } of settings === undefined ? [] : warningsOf(settings))
      found.set(`${place?.source.item} ${place?.path}`, warning(place, message))
  }
  return [...found.values()]
}

function warningsOf(
  settings: PortSettings,
): readonly { readonly place: Place | undefined; readonly message: string }[] {
  const { transport = 'AUTO', protocol = 'AUTO', upstreamProtocol = 'AUTO', placeOf } = settings
  const end = `AUTO, the default, takes each as it comes. Once sure, silence this with \`acknowledge: [${NAME}]\` in the MeshProfile's \`spec\``
  return [
    ...(transport === 'AUTO'
      ? []
      : [
          {
            place: placeOf('transport'),
            message: `a client that does not speak ${transport} has its connection closed at once; ${end}`,
          },
        ]),
    ...(protocol === 'AUTO'
      ? []
      : [
          {
            place: placeOf('protocol'),
            message: `a client that does not speak ${protocol} hangs until its time-out${protocol === 'LAX_BINARY' ? ', one that speaks strict BINARY too' : ''}; ${end}`,
          },
        ]),
    ...(upstreamProtocol === 'LAX_BINARY'
      ? [
          {
            place: placeOf('upstreamProtocol'),
            message: 'a server that demands strict BINARY refuses what it gets: most do',
          },
        ]
      : []),
  ]
}
