import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { at, below, type Place } from '../krm/object.ts'
import type { MeshService } from './service.ts'
import type { Labels } from './workload-index.ts'

/** What selects a service's pods, and where it says so; or why nothing does. */
export type Selector =
  | { readonly type: 'labels'; readonly labels: Labels; readonly place: Place }
  | { readonly type: 'none' }
  | { readonly type: 'malformed'; readonly problem: Diagnostic }

/**
 * `spec.selector` or `spec.workloadSelector`. A ServiceEntry with neither may have Aeraki's annotation
 * `workloadSelector`: `<app>`, or `<label>: <value>`.
 */
export function selectorOf({ kind, source, selector, annotations }: MeshService): Selector {
  if (selector !== undefined)
    return {
      type: 'labels',
      labels: selector,
      place: at(source, kind === 'Service' ? 'spec.selector' : 'spec.workloadSelector'),
    }
  const annotation = kind === 'ServiceEntry' ? annotations.workloadSelector : undefined
  if (annotation === undefined) return { type: 'none' }
  const place = below(at(source, 'metadata.annotations'), 'workloadSelector')
  const [first = '', second, ...rest] = annotation.replaceAll(' ', '').split(':')
  if (rest.length > 0 || first === '' || second === '') {
    const message = `must be "<app>" or "<label>: <value>", not "${annotation}"`
    return { type: 'malformed', problem: error(place, message, { currentValue: annotation }) }
  }
  return { type: 'labels', labels: second === undefined ? { app: first } : { [first]: second }, place }
}
