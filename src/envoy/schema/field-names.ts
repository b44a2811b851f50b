import { suggest } from '../../krm/suggest.ts'
import type { Problem } from './problem.ts'
import type { SchemaObject } from './schema.ts'

/** Says that a message has no such field, and which one was probably meant. */
export function unknownField(key: string, { properties }: SchemaObject): Problem {
  const names = Object.keys(properties ?? {}).filter((name) => name !== '@type')
  const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  if (snake !== key && names.includes(snake))
    return {
      rule: 'unknown-field',
      message: `Envoy's fields are written in snake_case: \`${snake}\`, not \`${key}\``,
      proposed: snake,
    }
  if (key === '@type') return { rule: 'unknown-field', message: 'is not a field here: only an Any names its type' }
  const near = suggest(snake, names)
  const message = `Envoy has no field \`${key}\` here${near === undefined ? known(names) : `; did you mean \`${near}\`?`}`
  return { rule: 'unknown-field', message, ...(near === undefined ? {} : { proposed: near }) }
}

function known(names: readonly string[]): string {
  if (names.length === 0) return ': this message has no fields'
  return names.length > 12 ? '' : `, only ${names.map((name) => `\`${name}\``).join(', ')}`
}
