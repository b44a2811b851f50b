import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  load,
  loadAll,
  mapTag,
  mergeTag,
  YAMLException,
} from 'js-yaml'
import type { Parsed } from './parse-yaml.ts'
import { withoutText } from './parser-reason.ts'

const looked = { matchByTagPrefix: true, identify: () => false } as const
/** Tags that no Kubernetes object has are looked through, as hosts do: an item that carries one is still only an item. */
const TAGS = ['!', 'tag:'].flatMap((prefix) => [
  defineScalarTag(prefix, { ...looked, resolve: (source) => source }),
  defineSequenceTag(prefix, {
    ...looked,
    create: (): unknown[] => [],
    addItem: (list, item) => {
      list.push(item)
    },
  }),
  defineMappingTag(prefix, { ...mapTag, ...looked }),
])

/** YAML 1.2 core, so that dates and `on` stay strings, and merge keys, which kpt writes as `!!merge <<: *defaults`. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag, TAGS)

/**
 * Parses any YAML: one document, or with `all` any number of them, as a list. Its own file, because most runs never need it
 * and the bundler keeps it as text until one does.
 */
export default function parseFull(text: string, all: boolean): Parsed {
  const options = { schema: SCHEMA }
  try {
    return { ok: true, value: all ? loadAll(text, options) : load(text, options) }
  } catch (problem) {
    if (!(problem instanceof YAMLException)) throw problem
    // js-yaml leaves the mark out where the document as a whole is at fault.
    const { reason, mark } = problem
    return { ok: false, reason: withoutText(reason), line: mark?.line ?? 0, column: mark?.column ?? 0 }
  }
}
