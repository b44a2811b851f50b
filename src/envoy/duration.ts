const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/**
 * A duration as Istio's objects have it (Go's form: `1h`, `1m30s`, `0.5s`, `250ms`), in protobuf's JSON form, which knows
 * seconds only (`90s`); `undefined` if it is none, or of a billion seconds and more, of which Envoy takes none. Exact to the
 * nanosecond.
 */
export function protoDuration(text: string): string | undefined {
  if (!/^(\d+(\.\d{1,9})?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let nanoseconds = 0n
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/(\d+)(?:\.(\d+))?(ns|us|µs|ms|s|m|h)/g)) {
    const scale = UNITS[unit] ?? 0n
    nanoseconds += BigInt(whole) * scale + (BigInt(fraction.padEnd(9, '0')) * scale) / 1_000_000_000n
  }
  const seconds = nanoseconds / 1_000_000_000n
  if (seconds >= 1_000_000_000n) return undefined
  const rest = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '')
  return rest === '' ? `${seconds}s` : `${seconds}.${rest}s`
}
