import type * as t from 'io-ts'
import { leaf, list, map } from './codec.ts'

/** Leaves that several kinds share. */
export const text: t.Type<string, unknown> = leaf('a string', isText)

export const nonEmptyText: t.Type<string, unknown> = leaf(
  'a string that is not empty',
  (value): value is string => isText(value) && value !== '',
)

export const portNumber: t.Type<number, unknown> = leaf('an integer from 1 to 65535', isPortNumber)

/** Kubernetes' `IntOrString`, as `targetPort` has it. */
export const portNumberOrName: t.Type<number | string, unknown> = leaf(
  'a port number from 1 to 65535, or the name of a container port',
  // A container port's name holds at least one letter, so that "8080" in quotes is neither.
  (value): value is number | string => isPortNumber(value) || (isText(value) && /[a-z]/i.test(value)),
)

/** Istio's `weight`, an int32. */
export const weight: t.Type<number, unknown> = leaf(
  'an integer from 0 to 2147483647',
  (value): value is number => isInteger(value) && value >= 0 && value <= 2147483647,
)

/** How many there are. */
export const count: t.Type<number, unknown> = leaf(
  'an integer from 0',
  (value): value is number => isInteger(value) && value >= 0,
)

/** Istio's `Percent`. */
export const percentage: t.Type<number, unknown> = leaf(
  'a number from 0 to 100',
  (value): value is number => typeof value === 'number' && value >= 0 && value <= 100,
)

export const textList: t.Type<readonly string[], unknown> = list('a list of strings', text)

/** Istio's `exportTo`. */
export const scopeList: t.Type<readonly string[], unknown> = list(
  'a list of strings',
  leaf(
    'the name of a namespace, "*", "." or "~"',
    (value): value is string => isText(value) && /^([*.~]|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/.test(value),
  ),
)

const LABEL = '[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?'
const HOST = new RegExp(`^(\\*|(\\*-?)?${LABEL})(\\.${LABEL})*\\.?$`)

/** `hosts` of a ServiceEntry (istio `ValidateWildcardDomain`): part of the names of clusters, whose other parts `|` divides. */
export const hostList: t.Type<readonly string[], unknown> = list(
  'a list of strings',
  leaf(
    'a host, such as "orders.example.com" or "*.example.com", of 255 characters at most',
    (value): value is string => isText(value) && value !== '*' && value.length <= 255 && HOST.test(value),
  ),
)

const SUBSET = new RegExp(`^${LABEL}$`)

/** Another part of the names of clusters. */
export const subsetName: t.Type<string, unknown> = leaf(
  'a DNS label: letters, digits and `-`, 63 at most',
  (value): value is string => isText(value) && SUBSET.test(value),
)

export const nonEmptyTextList: t.Type<readonly string[], unknown> = list('a list of strings', nonEmptyText)

export const textMap: t.Type<Readonly<Record<string, string>>, unknown> = map('a map from names to strings', text)

export const portMap: t.Type<Readonly<Record<string, number>>, unknown> = map(
  'a map from port names to numbers',
  portNumber,
)

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value)
}

function isPortNumber(value: unknown): value is number {
  return isInteger(value) && value >= 1 && value <= 65535
}
