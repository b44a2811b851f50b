import { isLeft, isRight } from 'fp-ts/Either'
import * as t from 'io-ts'
import { isFields } from '../krm/fields.ts'

/**
 * The few codecs that the kinds are built from. io-ts's own `t.intersection` and `t.union` put numbers into error
 * paths and report every branch, and its `t.partial` refuses `null`, which the API server takes for "absent"; so
 * structures have a codec of their own. A codec's name completes the sentence "`field` must be ...".
 */
export function leaf<A>(name: string, is: (value: unknown) => value is A): t.Type<A, unknown> {
  return new t.Type<A, unknown>(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    t.identity,
  )
}

/**
 * The codec of a map or a list. What stands in the place of one is named by its type and never quoted: it may hold more than
 * one field's value, such as the variables of a container that somebody wrote as text.
 */
export class Structure<A> extends t.Type<A, unknown> {
  constructor(name: string, validate: t.Validate<unknown, A>) {
    super(name, (value): value is A => isRight(validate(value, [])), validate, t.identity)
  }
}

/** A field that may be absent, which `null` means as well. */
export interface Optional<A> {
  readonly optional: t.Type<A, unknown>
}

export function optional<A>(codec: t.Type<A, unknown>): Optional<A> {
  return { optional: codec }
}

/** A codec for a required field, an `optional` one for a field that may be absent: the interface decides which. */
export type Fields<A> = {
  readonly [K in keyof A]-?: undefined extends A[K] ? Optional<Exclude<A[K], undefined>> : t.Type<A[K], unknown>
}

/** An object of which we read some fields. The others stay as they are: a field we do not know is never a failure. */
export function struct<A>(name: string, fields: Fields<A>): t.Type<A, unknown> {
  // The compiler cannot evaluate Fields<A> while A is open; each of its values is one of these two.
  const known = Object.entries(fields as Readonly<Record<string, Optional<unknown> | t.Type<unknown, unknown>>>).map(
    ([key, field]) =>
      'optional' in field ? { key, codec: field.optional, required: false } : { key, codec: field, required: true },
  )
  return new Structure<A>(name, (value, context) => {
    if (!isFields(value)) return t.failure(value, context)
    const errors: t.Errors = []
    let decoded = value
    for (const { key, codec, required } of known) {
      const actual = value[key]
      if (actual === undefined && !required) continue
      if (actual === null && !required) {
        const { [key]: _, ...rest } = decoded
        decoded = rest
        continue
      }
      const field = codec.validate(actual, t.appendContext(context, key, codec, actual))
      if (isLeft(field)) errors.push(...field.left)
      else if (field.right !== actual) decoded = { ...decoded, [key]: field.right }
    }
    // Every field of A has been through its codec just now, which is what the compiler cannot see.
    return errors.length > 0 ? t.failures(errors) : t.success(decoded as A)
  })
}

export function list<A>(name: string, element: t.Type<A, unknown>): t.Type<readonly A[], unknown> {
  return new Structure<readonly A[]>(name, (value, context) => {
    if (!Array.isArray(value)) return t.failure(value, context)
    const errors: t.Errors = []
    const decoded: A[] = []
    value.forEach((actual: unknown, index) => {
      const one = element.validate(actual, t.appendContext(context, String(index), element, actual))
      if (isLeft(one)) errors.push(...one.left)
      else decoded.push(one.right)
    })
    return errors.length > 0 ? t.failures(errors) : t.success(decoded)
  })
}

/**
 * A list whose elements stand for themselves, such as ports: a broken one becomes `undefined`, so that the others
 * keep their index. See `decode`, which says what was wrong with it.
 */
export function listWithHoles<A>(
  name: string,
  element: t.Type<A, unknown>,
): t.Type<readonly (A | undefined)[], unknown> {
  return list<A | undefined>(
    name,
    new Structure<A | undefined>(element.name, (value, context) =>
      value === undefined ? t.success(undefined) : element.validate(value, context),
    ),
  )
}

export function map<A>(name: string, element: t.Type<A, unknown>): t.Type<Readonly<Record<string, A>>, unknown> {
  return new Structure<Readonly<Record<string, A>>>(name, (value, context) => {
    if (!isFields(value)) return t.failure(value, context)
    const errors: t.Errors = []
    const decoded: [string, A][] = []
    for (const [key, actual] of Object.entries(value)) {
      const one = element.validate(actual, t.appendContext(context, key, element, actual))
      if (isLeft(one)) errors.push(...one.left)
      else decoded.push([key, one.right])
    }
    return errors.length > 0 ? t.failures(errors) : t.success(Object.fromEntries(decoded))
  })
}

/** A map or a list with one more rule about the decoded value; `undefined` means that it holds. */
export function checked<A>(codec: t.Type<A, unknown>, rule: (value: A) => string | undefined): t.Type<A, unknown> {
  return new Structure<A>(codec.name, (value, context) => {
    const decoded = codec.validate(value, context)
    if (isLeft(decoded)) return decoded
    const broken = rule(decoded.right)
    return broken === undefined ? decoded : t.failure(value, context, broken)
  })
}
