import { type Diagnostic, type Diagnostics, error } from './diagnostic.ts'
import { typeName } from './fields.ts'
import {
  parsedValue,
  type ReadItem,
  readField,
  readFunctionConfigItem,
  readItems,
  type Source,
  sourceText,
} from './item.ts'
import { entryOf, type Layout } from './layout.ts'
import { isNamed, type Reads, withObjects } from './objects.ts'
import { diagnosticsOf, fail, type Outcome, resultOf, say } from './outcome.ts'
import { readBlock } from './read-block.ts'
import { readJson } from './read-json.ts'
import type { ResourceList } from './resource-list.ts'
import { emptyInput, notAResourceList } from './stdin-problems.ts'

/**
 * Reads a ResourceList: YAML or JSON in any style. No value: stdin is no ResourceList, and the diagnostics say why. A
 * value and errors: items that are broken or stand there twice; they stay in `items`, and out of `objects`.
 */
export async function read(text: string, reads: Reads): Promise<Outcome<ResourceList>> {
  if (!/\S/.test(text)) return fail([emptyInput()])
  const quick = readBlock(text) ?? readJson(text)
  if (quick !== undefined) {
    const source = sourceText(quick)
    const items = readItems(source)
    // What cannot even be named is for the full parser to explain, with its line.
    if (items.every((item) => isNamed(item.ref) || item.parse().ok)) return resourceList(source, items, reads)
  }
  return readSlowly(text, reads)
}

async function readSlowly(text: string, reads: Reads): Promise<Outcome<ResourceList>> {
  const { readYaml } = await import('./read-yaml.ts')
  const layout = await readYaml(text)
  const found = resultOf(layout)
  if (found === undefined) return fail(diagnosticsOf(layout))
  const source = sourceText(found)
  return resourceList(source, readItems(source), reads)
}

function resourceList(source: Source, items: readonly ReadItem[], reads: Reads): Outcome<ResourceList> {
  const { layout } = source
  const faults = listProblems(source, items)
  if (faults.length > 0) return fail(faults)
  const functionConfig = readFunctionConfigItem(source)
  const config = functionConfig === undefined ? {} : { functionConfig }
  const bare = { items, layout, ...config }
  return say(withObjects(bare, items, reads), brokenConfig(functionConfig))
}

/** What makes the text no ResourceList at all. */
function listProblems(source: Source, items: readonly ReadItem[]): Diagnostics {
  const { layout } = source
  const apiVersion = readField(source, 'apiVersion')
  const kind = readField(source, 'kind')
  const top = notAResourceList({
    ...(apiVersion === undefined ? {} : { apiVersion: parsedValue(apiVersion) }),
    ...(kind === undefined ? {} : { kind: parsedValue(kind) }),
  })
  if (top !== undefined) return [top]
  if (layout.list === undefined) return [noItems(source, layout)]
  const diagnostics: Diagnostic[] = []
  for (const item of items) {
    if (isNamed(item.ref)) continue
    const parsed = item.parse()
    const value = parsedValue(parsed)
    if (parsed.ok && (typeof value !== 'object' || value === null || Array.isArray(value)))
      diagnostics.push(error(undefined, `\`items[${item.index}]\` must be a Kubernetes object, not ${typeName(value)}`))
  }
  return diagnostics
}

function noItems(source: Source, layout: Layout): Diagnostic {
  if (entryOf(layout, 'items') === undefined)
    return error(
      undefined,
      'the ResourceList must have `items`, but the field is missing; an empty list is `items: []`',
    )
  const parsed = readField(source, 'items')
  const value = parsed === undefined ? undefined : parsedValue(parsed)
  return error(
    undefined,
    `\`items\` of the ResourceList must be a list, not ${typeName(value)}; an empty list is \`items: []\``,
  )
}

function brokenConfig(functionConfig: ReadItem | undefined): Diagnostics {
  const parsed = functionConfig?.parse()
  if (functionConfig === undefined || parsed === undefined || parsed.ok) return []
  return [error(undefined, `\`functionConfig\` is not YAML: line ${parsed.line + 1} of the list: ${parsed.reason}`)]
}
