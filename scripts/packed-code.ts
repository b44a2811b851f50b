import { type BuildOptions, build, type Plugin } from 'esbuild'
import { root } from './functions.ts'

/**
 * Code that few runs need, or none until late, travels as text and becomes code on its first use: as code of the bundle
 * each start would parse it. Packages behind `import('<package>')` cost 7 ms so (`yaml` and `re2js`), compiled schemas and
 * js-yaml 2 ms each, where Node itself starts in 18. The text is not compressed: to load Node's zlib costs 3 ms.
 */
export function packedCode(): Plugin {
  return {
    name: 'packed-code',
    setup(builder) {
      builder.onResolve({ filter: /^[a-z@]/ }, ({ kind, path }) =>
        kind === 'dynamic-import' && !path.startsWith('node:') ? { path, namespace: 'packed' } : undefined,
      )
      builder.onLoad({ filter: /.*/, namespace: 'packed' }, async ({ path }) => ({ contents: await lazyPackage(path) }))
      builder.onLoad({ filter: /\/generated\/[a-z-]+\.js$/ }, async ({ path }) =>
        // What leaves is always held against this one, and code of the bundle is compiled sooner than text.
        path.endsWith('/envoy-filter.js') ? undefined : { contents: await lazyValidator(path) },
      )
      builder.onLoad({ filter: /\/src\/krm\/parse-full\.ts$/ }, async ({ path }) => ({
        contents: await lazyFunction(path),
      }))
    },
  }
}

async function lazyPackage(name: string): Promise<string> {
  const entry = { stdin: { contents: `export * from '${name}'`, resolveDir: root } }
  const { metafile } = await build({ ...shape, ...entry, format: 'esm', metafile: true })
  const names = Object.values(metafile.outputs).flatMap((output) => output.exports)
  return `export const { ${names.join(', ')} } = ${await unpacked(entry)}`
}

/** A function that becomes ajv's when it is called. */
async function lazyValidator(path: string): Promise<string> {
  return `
    let validator
    export default function validate(value) {
      validator ??= ${await unpacked({ entryPoints: [path] })}.default
      const isValid = validator(value)
      validate.errors = validator.errors
      return isValid
    }`
}

/** A function that becomes the default export of a file when it is called. */
async function lazyFunction(path: string): Promise<string> {
  return `
    let made
    export default function lazy(...values) {
      made ??= ${await unpacked({ entryPoints: [path] })}.default
      return made(...values)
    }`
}

const shape = { bundle: true, write: false, minify: true, platform: 'browser', target: 'es2022' } as const

/** An expression whose value is the exports of an entry. */
async function unpacked(entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<string> {
  const { outputFiles } = await build({ ...shape, ...entry, format: 'iife', globalName: 'exported' })
  const text = outputFiles.map((file) => file.text).join('')
  return `new Function(${JSON.stringify(`${text};return exported`)})()`
}
