import type { L7Port, Route, RouteMatch, StringMatch } from './l7-port.ts'

/** Whether a port's calls all have a route: some route takes every call, or there is none, and they go to its own cluster. */
export function takesEveryCall({ routes }: Pick<L7Port, 'routes'>): boolean {
  return routes.length === 0 || routes.some(isCatchAll)
}

/** Whether a route takes every call; what stands behind it is never used. */
export function isCatchAll({ matches }: Route): boolean {
  return matches.length === 0 || matches.some(matchesAll)
}

function matchesAll({ method, headers, withoutHeaders }: RouteMatch): boolean {
  return isAnyMethod(method) && headers.length === 0 && withoutHeaders.length === 0
}

/** Users say "every method" by leaving it out, by an empty prefix, or by `.*`. */
function isAnyMethod(method: StringMatch | undefined): boolean {
  if (method === undefined) return true
  return (method.type === 'prefix' && method.value === '') || (method.type === 'regex' && method.value === '.*')
}
