import { CORE_SCHEMA, load, loadAll, Type, YAMLException } from 'js-yaml'
import type { Parsed } from './parse-yaml.ts'

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

/**
 * Parses any YAML: one document, or with `all` any number of them, as a list. Its own file, because most runs never need it
 * and the bundler keeps it as text until one does.
 */
export default function parseFull(text: string, all: boolean): Parsed {
  const options = { schema: SCHEMA }
  try {
    return { ok: true, value: all ? loadAll(text, null, options) : load(text, options) }
  } catch (problem) {
    if (!(problem instanceof YAMLException)) throw problem
    // js-yaml leaves the mark out where the document as a whole is at fault.
    const mark: { line: number; column: number } | undefined = problem.mark
    return { ok: false, reason: problem.reason, line: mark?.line ?? 0, column: mark?.column ?? 0 }
  }
}
