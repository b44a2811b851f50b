/** Seconds of a duration in protobuf's JSON form, `1.5s`. */
export function seconds(text: string): number {
  return Number(text.slice(0, -1))
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 }

/** What a person most likely meant by a duration (`5`, `5 s`, `50ms`, `1m`), in protobuf's form; `undefined`: no idea. */
export function durationOf(text: string): string | undefined {
  const [, number, unit] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*$/.exec(text.toLowerCase()) ?? []
  const factor = unit === '' ? 1 : UNITS[unit ?? '']
  if (number === undefined || factor === undefined) return undefined
  const value = (Number(number) * factor).toFixed(9).replace(/\.?0+$/, '')
  return value.length > 20 ? undefined : `${value}s`
}
