import { type Diagnostics, warning } from '../krm/diagnostic.ts'
import type { Mesh } from './mesh.ts'

/** Hosts in `addresses` of the MeshProfile that the list does not have: most likely a slip, and without effect. */
export function strayAddresses({ profile, byHost, near }: Mesh): Diagnostics {
  return [...profile.addresses.keys()]
    .filter((host) => !byHost.has(host))
    .map((host) => {
      const [nearest] = near(host)
      const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`
      return warning(
        undefined,
        `\`addresses\` of the MeshProfile should name hosts of the list: no Service or ServiceEntry has the host "${host}"${hint}`,
        { currentValue: host, ...(nearest === undefined ? {} : { proposedValue: nearest }) },
      )
    })
}
