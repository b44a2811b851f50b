import type { Span } from './layout.ts'

const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9
const HASH = 35
const DASH = 45

/** The end of the line at `offset`, its line break included. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset)
  return feed === -1 ? text.length : feed + 1
}

/** The first character of a line that is no space. */
export function skipSpaces(text: string, offset: number): number {
  let at = offset
  while (text.charCodeAt(at) === SPACE) at += 1
  return at
}

/** Whether only white space is left of the line. */
export function isBlank(text: string, offset: number): boolean {
  let at = offset
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at += 1
  const code = text.charCodeAt(at)
  return at >= text.length || code === LF || (code === CR && text.charCodeAt(at + 1) === LF)
}

export function isComment(text: string, offset: number): boolean {
  return text.charCodeAt(offset) === HASH
}

/** Whether an entry of a list in block style begins here. */
export function isDash(text: string, offset: number): boolean {
  if (text.charCodeAt(offset) !== DASH) return false
  const next = text.charCodeAt(offset + 1)
  return next === SPACE || next === LF || next === CR || offset + 1 === text.length
}

/**
 * Where the lines of a block end that starts at `span.start` and stands left of `span.end`: before the comments that
 * follow its last line and are not indented deeper than `column`, because those belong to what comes next.
 */
export function ownEnd(text: string, span: Span, column: number): number {
  let end = span.end
  let open = true
  for (let line = lineEnd(text, span.start); line < span.end; line = lineEnd(text, line)) {
    const first = skipSpaces(text, line)
    if (isBlank(text, first)) continue
    if (!isComment(text, first)) {
      open = true
      end = span.end
    } else if (open && first - line <= column) {
      open = false
      end = line
    }
  }
  return end
}

/** The line break that the text uses, after its first line. */
export function eolOf(text: string): '\n' | '\r\n' {
  const feed = text.indexOf('\n')
  return feed > 0 && text.charCodeAt(feed - 1) === CR ? '\r\n' : '\n'
}
