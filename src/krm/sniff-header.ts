import { type Header, headerFrom, WANTED_ANNOTATIONS } from './header.ts'
import type { Span } from './layout.ts'
import { isBlank, isComment, lineEnd, skipSpaces } from './lines.ts'

const KEY = /([A-Za-z][\w./-]*):(?=[ \r\n]|$)/y
/** A scalar that is a string or an index beyond doubt, on a line of its own. */
const SCALAR = /(?:([A-Za-z_/][\w./@+-]*)|(\d{1,9})|"([^"\\\r\n]*)"|'([^'\r\n]*)') *(?: #[^\r\n]*)?(?=\r?\n|$)/y
const NO_STRING: ReadonlySet<string> = new Set([
  'true',
  'True',
  'TRUE',
  'false',
  'False',
  'FALSE',
  'null',
  'Null',
  'NULL',
])

/** Where the reader of a header stands: the key that was last seen at each depth, and the column of each depth. */
interface Walk {
  readonly text: string
  readonly found: Map<string, string>
  readonly columns: [number, number, number]
  /** The keys that lead to the current line: `metadata`, `annotations`, one of them. */
  readonly path: [string, string, string]
}

const UNSET = -1

/**
 * The header of an item in block style, by its lines alone. It stops as soon as it knows all. `undefined`: something
 * is written in a way that only a parser can be trusted with.
 */
export function sniffHeader(text: string, item: Span, column: number): Header | undefined {
  const walk: Walk = { text, found: new Map(), columns: [UNSET, UNSET, UNSET], path: ['', '', ''] }
  // Behind the dash the first field may stand on the same line.
  let line = item.start
  let start = skipSpaces(text, item.start + column + 1)
  while (line < item.end) {
    if (!isBlank(text, start) && !isComment(text, start)) {
      const step = readLine(walk, start - line, start)
      if (step === 'unsure') return undefined
      if (step === 'done') break
    }
    line = lineEnd(text, line)
    start = skipSpaces(text, line)
  }
  return finish(walk.found)
}

function finish(found: ReadonlyMap<string, string>): Header | undefined {
  const apiVersion = found.get('apiVersion')
  const kind = found.get('kind')
  const name = found.get('metadata/name')
  if (!apiVersion || !kind || !name) return undefined
  const namespace = found.get('metadata/namespace') ?? ''
  return headerFrom({
    apiVersion,
    kind,
    name,
    namespace,
    annotation: (key) => found.get(`metadata/annotations/${key}`),
  })
}

type Step = 'on' | 'done' | 'unsure'

function readLine(walk: Walk, column: number, start: number): Step {
  const depth = depthOf(walk, column)
  if (depth === undefined) return 'unsure'
  if (depth === 'below') return isScalarPath(walk.path) ? 'unsure' : 'on'
  const { text, path } = walk
  if (text.charCodeAt(start) === 45 && text.charCodeAt(start + 1) === 32)
    return depth === 2 || isNeeded(path[depth] ?? '') ? 'unsure' : 'on'
  KEY.lastIndex = start
  const key = KEY.exec(text)?.[1]
  if (key === undefined) return 'unsure'
  return readField(walk, depth, key, start + key.length + 1)
}

/** How deep a line stands, by its column; `below`: inside a field that is not read; `undefined`: nowhere sensible. */
function depthOf(walk: Walk, column: number): 0 | 1 | 2 | 'below' | undefined {
  const { columns, path } = walk
  const [root, metadata, annotations] = columns
  if (root === UNSET) columns[0] = column
  if (column === columns[0]) return 0
  if (column < columns[0]) return undefined
  if (path[0] !== 'metadata') return 'below'
  if (metadata === UNSET) columns[1] = column
  if (column === columns[1]) return 1
  if (column < columns[1]) return undefined
  if (path[1] !== 'annotations') return 'below'
  if (annotations === UNSET) columns[2] = column
  if (column === columns[2]) return 2
  return column < columns[2] ? undefined : 'below'
}

function readField(walk: Walk, depth: 0 | 1 | 2, key: string, colon: number): Step {
  const { found, path, columns } = walk
  if (depth === 0) {
    if (found.has('metadata') && found.has('apiVersion') && found.has('kind')) return 'done'
    path[0] = key
    path[1] = ''
    columns[1] = UNSET
    columns[2] = UNSET
    if (key === 'metadata') return openMap(walk, 'metadata', colon)
    return key === 'apiVersion' || key === 'kind' ? readScalar(walk, key, colon) : 'on'
  }
  if (depth === 1) {
    path[1] = key
    columns[2] = UNSET
    if (key === 'annotations') return openMap(walk, 'metadata/annotations', colon)
    return key === 'name' || key === 'namespace' ? readScalar(walk, `metadata/${key}`, colon) : 'on'
  }
  path[2] = key
  return WANTED_ANNOTATIONS.has(key) ? readScalar(walk, `metadata/annotations/${key}`, colon) : 'on'
}

function openMap({ text, found }: Walk, name: string, colon: number): Step {
  const value = skipSpaces(text, colon)
  if (found.has(name) || !(isBlank(text, value) || isComment(text, value))) return 'unsure'
  found.set(name, '')
  return 'on'
}

function readScalar({ text, found }: Walk, name: string, colon: number): Step {
  SCALAR.lastIndex = skipSpaces(text, colon)
  const match = SCALAR.exec(text)
  const [, plain, digits, double, single] = match ?? []
  const value =
    plain ??
    double ??
    single ??
    (WANTED_ANNOTATIONS.has(name.slice('metadata/annotations/'.length)) ? digits : undefined)
  if (value === undefined || (plain !== undefined && NO_STRING.has(plain)) || found.has(name)) return 'unsure'
  found.set(name, value)
  return 'on'
}

const SCALARS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata/name', 'metadata/namespace'])

/** A line below one of these fields would go on with its value. */
function isScalarPath([top, second, third]: readonly [string, string, string]): boolean {
  if (top === 'metadata' && second === 'annotations') return WANTED_ANNOTATIONS.has(third)
  return SCALARS.has(top === 'metadata' ? `metadata/${second}` : top)
}

/** A sequence below one of these fields is no header that we know. */
function isNeeded(key: string): boolean {
  return SCALARS.has(key) || SCALARS.has(`metadata/${key}`) || key === 'metadata' || key === 'annotations'
}
