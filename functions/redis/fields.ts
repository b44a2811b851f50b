/** The fields that are there: `exactOptionalPropertyTypes` makes an absent field another thing than an undefined one. */
export function present<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined)
  // The filter has taken `undefined` out of every field's type, which `Object.fromEntries` cannot say.
  return Object.fromEntries(there) as { readonly [K in keyof T]?: Exclude<T[K], undefined> }
}
