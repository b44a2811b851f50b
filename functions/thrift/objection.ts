import { type Context, type Feature, FINEST_PERCENTAGE, type L7Port, resultOf, runtimeFraction } from 'meltemi'
import type { ThriftConfig } from './config.ts'
import { carriesHeaders, methodObjection } from './route-match.ts'
import { settingsOf } from './settings.ts'

/** Why a value cannot be expressed though its field can; what is objected to here, the routes leave out. */
export function objection(feature: Feature, port: L7Port, context: Context<ThriftConfig>): string | undefined {
  const { name, value } = feature
  switch (name) {
    case 'VirtualService.http.match.method.exact':
      return methodObjection('exact', value)
    case 'VirtualService.http.match.method.prefix':
      return methodObjection('prefix', value)
    case 'VirtualService.http.match.method.regex':
      return methodObjection('regex', value)
    case 'VirtualService.http.mirrorPercentage.value':
    case 'VirtualService.http.mirrors.percentage.value':
    case 'VirtualService.http.mirrorPercent':
      return percentageObjection(value)
  }
  return /^VirtualService\.http\.match\.(headers|withoutHeaders)\./.test(name)
    ? headerObjection(port, context)
    : undefined
}

function percentageObjection(value: unknown): string | undefined {
  return typeof value !== 'number' || runtimeFraction(value) !== undefined
    ? undefined
    : `Envoy counts in steps of ${FINEST_PERCENTAGE} %, so that this would be rounded`
}

function headerObjection(port: L7Port, context: Context<ThriftConfig>): string | undefined {
  const settings = resultOf(settingsOf(port, context))
  if (settings === undefined || carriesHeaders(settings)) return undefined
  return `calls of the ${settings.transport} transport have no headers; only those of HEADER have`
}
