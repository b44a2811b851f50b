import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { transform } from 'esbuild'

// The package is CommonJS with a `default` export; which of the two an importer sees depends on the loader.
const standalone = 'default' in standaloneModule ? standaloneModule.default : standaloneModule

/** Writes `generated/<name>.js` and its types beside `<name>.schema.json`. `types`: the module that has `SchemaValidator`. */
export async function compileSchema(file: string, types: string): Promise<void> {
  const folder = join(dirname(file), 'generated')
  const name = basename(file, '.schema.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.js`), await compile(file))
  writeFileSync(
    join(folder, `${name}.d.ts`),
    `import type { SchemaValidator } from '${types}'\ndeclare const validate: SchemaValidator\nexport default validate\n`,
  )
}

async function compile(file: string): Promise<string> {
  const schema: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'))
  // What people write is answered with all of its faults, and each carries the schema it broke, for suggestions. What we
  // write ourselves has no faults but by a bug: the first one is enough, and the code a quarter of the size.
  const isWrittenByPeople = schema['x-written-by'] === 'people'
  const ajv = new Ajv({
    allErrors: isWrittenByPeople,
    verbose: isWrittenByPeople,
    inlineRefs: false,
    strict: true,
    // These two object to `if` and `oneOf` branches that rely on what stands outside the branch.
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  })
  ajv.addKeyword('x-written-by')
  // The schemas use nothing that draft 7 lacks, and ajv's code for 2020-12 keeps books for `unevaluatedProperties`.
  const { $schema: _, ...draft7 } = schema
  const code = standalone(ajv, ajv.compile(draft7))
  // ajv writes `require` even into ES modules; its two helpers are small enough to stand in the file itself.
  const inlined = code.replace(/require\("(ajv\/dist\/runtime\/[a-z0-9]+)"\)\.default/gi, (_, name: string) =>
    runtimeHelper(name),
  )
  if (/\brequire\(/.test(inlined)) throw new Error(`${file}: the compiled validator needs a module at run time`)
  const { code: small } = await transform(inlined, { format: 'esm', minifySyntax: true, minifyWhitespace: true })
  return small
}

function runtimeHelper(name: string): string {
  switch (name) {
    case 'ajv/dist/runtime/ucs2length':
      return '((text) => { let length = 0; for (const _ of text) length += 1; return length })'
    case 'ajv/dist/runtime/equal':
      return '((a, b) => JSON.stringify(a) === JSON.stringify(b))'
    default:
      throw new Error(`no inlined form of ${name}: add it here`)
  }
}
