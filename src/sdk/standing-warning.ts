import { type Diagnostics, warning } from '../krm/diagnostic.ts'
import type { Place } from '../krm/object.ts'
import type { MeshProfile } from '../mesh/profile.ts'

/**
 * A warning about what nothing in the list can mend: said in each render until the MeshProfile acknowledges its name.
 * `message` has no full stop at its end.
 */
export function standingWarning(
  name: string,
  place: Place | undefined,
  message: string,
  { acknowledge }: MeshProfile,
): Diagnostics {
  if (acknowledge.includes(name)) return []
  return [
    warning(place, `${message}. Once read, silence this with \`acknowledge: [${name}]\` in the MeshProfile's \`spec\``),
  ]
}
