import { CORE_SCHEMA, load, loadAll, Type, YAMLException } from 'js-yaml'

/** js-yaml joins the maps of a key with this tag; its own type for it is missing from its declarations. */
const MERGE = new Type('tag:yaml.org,2002:merge', {
  kind: 'scalar',
  resolve: (data: unknown) => data === '<<' || data === null,
})

/** Tags that no Kubernetes object has are looked through, as hosts do: an item that carries one is still only an item. */
const TAGS = ['!', 'tag:'].flatMap((tag) =>
  (['scalar', 'sequence', 'mapping'] as const).map((kind) => new Type(tag, { kind, multi: true })),
)

/**
 * YAML 1.2 core, so that dates and `on` stay strings, and merge keys, which kpt writes with an explicit tag
 * (`!!merge <<: *defaults`) that js-yaml's own core schema refuses.
 */
const SCHEMA = CORE_SCHEMA.extend({ implicit: [MERGE], explicit: TAGS })

/** A value, or where and why there is none; line and column count from 0, in the parsed text. */
export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string; readonly line: number; readonly column: number }

/** Parses one YAML document. */
export function parseYaml(text: string): Parsed {
  return parsed(() => load(text, { schema: SCHEMA }))
}

/** Parses a file of any number of documents; the value is their list. */
export function parseDocuments(text: string): Parsed {
  return parsed(() => loadAll(text, null, { schema: SCHEMA }))
}

function parsed(parse: () => unknown): Parsed {
  try {
    return { ok: true, value: parse() }
  } catch (problem) {
    if (!(problem instanceof YAMLException)) throw problem
    // js-yaml leaves the mark out where the document as a whole is at fault.
    const mark: { line: number; column: number } | undefined = problem.mark
    return { ok: false, reason: problem.reason, line: mark?.line ?? 0, column: mark?.column ?? 0 }
  }
}
