/** A change to one place of a valid config, that a person or a program could make. */
export interface Mutation {
  readonly kind: string
  readonly path: readonly (string | number)[]
  readonly config: Readonly<Record<string, unknown>>
}

/** A deterministic sequence of numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed of one's own for every name, so that a new config changes nothing for the others. */
export function seedOf(name: string): number {
  return [...name].reduce((hash, letter) => (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0, 17)
}

type Json = unknown
type Steps = readonly (string | number)[]

/** Up to `count` different mutations of a config, the same for the same seed. */
export function mutate(config: Readonly<Record<string, unknown>>, count: number, seed: number): readonly Mutation[] {
  const next = random(seed)
  const places = allPlaces(config, [])
  const found = new Map<string, Mutation>()
  for (let tries = 0; tries < count * 8 && found.size < count; tries++) {
    const place = pick(places, next)
    if (place === undefined) break
    const change = pick(changes(place.value, place.path), next)
    if (change === undefined) continue
    const mutated = replaced(config, place.path, change.value)
    if (typeof mutated !== 'object' || mutated === null || Array.isArray(mutated)) continue
    found.set(JSON.stringify(mutated), { kind: change.kind, path: place.path, config: { ...mutated } })
  }
  return [...found.values()]
}

function pick<T>(list: readonly T[], next: () => number): T | undefined {
  return list[Math.floor(next() * list.length)]
}

interface Place {
  readonly path: Steps
  readonly value: Json
}

function allPlaces(value: Json, path: Steps): readonly Place[] {
  const inner = Array.isArray(value)
    ? value.flatMap((item: Json, i) => allPlaces(item, [...path, i]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]: [string, Json]) => allPlaces(item, [...path, key]))
      : []
  return [{ path, value }, ...inner]
}

interface Change {
  readonly kind: string
  readonly value: Json
}

const GONE = Symbol('gone')

function changes(value: Json, path: Steps): readonly Change[] {
  const common = path.length === 0 ? [] : [...removal(), change('null', null)]
  if (typeof value === 'string') return [...common, ...ofString(value, path.at(-1))]
  if (typeof value === 'number') return [...common, ...ofNumber(value)]
  if (typeof value === 'boolean')
    return [...common, change('flip', !value), change('boolean as text', String(value)), change('boolean as number', 1)]
  if (Array.isArray(value)) return [...common, ...ofArray(value)]
  if (typeof value === 'object' && value !== null) return [...common, ...ofObject({ ...value })]
  return common
}

function change(kind: string, value: Json): Change {
  return { kind, value }
}

function removal(): readonly Change[] {
  return [change('remove', GONE)]
}

function ofString(value: string, key: string | number | undefined): readonly Change[] {
  if (key === '@type' || key === 'type_url')
    return [change('other type', `${value}X`), change('bare type', value.replace('type.googleapis.com/', ''))]
  const duration = /^[0-9.]+s$/.test(value)
    ? [
        '0s',
        '-1s',
        '5',
        '5 s',
        '50ms',
        '0.0001s',
        '1.1234567891s',
        '0.000000001s',
        '86401s',
        '4294967296s',
        '99999999999s',
        '01s',
        '.5s',
        '1.s',
      ].map((text) => change('duration', text))
    : []
  const upper = /^[A-Z][A-Za-z_0-9]+$/.test(value)
    ? [change('enum case', value.toLowerCase()), change('enum number', 1), change('enum unknown', `${value}_X`)]
    : []
  return [
    ...duration,
    ...upper,
    change('empty text', ''),
    change('text as number', 7),
    change('text as list', [value]),
    change('text as object', { value }),
    change('long text', value.repeat(2000).slice(0, 20_000)),
    change('line feed', `${value}\n`),
    change('NUL', `${value}\u0000`),
    change('not ASCII', `${value}é`),
    change('percent', `%${value}%`),
  ]
}

function ofNumber(value: number): readonly Change[] {
  const bounds = [0, -1, 1, 0.5, 101, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 1e21]
  return [
    ...bounds.map((n) => change('number', n)),
    change('number as text', String(value)),
    change('number as boolean', true),
    change('number as object', {}),
  ]
}

function ofArray(value: readonly Json[]): readonly Change[] {
  return [
    change('empty list', []),
    change('list twice', [...value, ...value]),
    change('item dropped', value.slice(1)),
    change('item null', [...value, null]),
    change('item number', [...value, 3]),
    change('list unwrapped', value[0] ?? 'x'),
    change(
      'long list',
      Array.from({ length: 1100 }, () => value[0] ?? {}).slice(0, JSON.stringify(value).length > 80 ? 3 : 1100),
    ),
  ]
}

function ofObject(value: Readonly<Record<string, Json>>): readonly Change[] {
  const [key] = Object.keys(value).filter((name) => name !== '@type')
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  const camel = key?.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return [
    change('empty object', {}),
    change('unknown field', { ...value, nosuch: 1 }),
    change('unknown snake field', { ...value, max_nosuch_bytes: 1 }),
    change('object as list', [value]),
    change('object as text', 'x'),
    change('stray @type', { '@type': 'type.googleapis.com/google.protobuf.Empty', ...value }),
    ...(key === undefined || camel === undefined || camel === key
      ? []
      : [change('camelCase', { ...rest, [camel]: value[key] })]),
    ...(key === undefined
      ? []
      : [change('misspelt', { ...rest, [`${key}x`]: value[key] }), change('proto name', { ...value, __proto: 1 })]),
  ]
}

function replaced(root: Json, path: Steps, value: Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(root)) {
    const next = replaced(root[Number(step)], rest, value)
    return next === GONE ? root.filter((_, i) => i !== step) : root.map((item: Json, i) => (i === step ? next : item))
  }
  if (typeof root !== 'object' || root === null) return root
  const entries = Object.entries(root).flatMap(([key, item]: [string, Json]) => {
    const next = key === String(step) ? replaced(item, rest, value) : item
    return next === GONE ? [] : [[key, next] as const]
  })
  return Object.fromEntries(entries)
}
