import { deflateRawSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { root } from './functions.ts'

/**
 * Packages that are imported by `import('<package>')` are rarely needed, but as code of the bundle each start would parse
 * them (7 ms for `yaml` and `re2js`, a third of Node's own start). They travel as compressed text, unpacked on demand.
 */
export function packedPackages(): Plugin {
  return {
    name: 'packed-packages',
    setup(builder) {
      builder.onResolve({ filter: /^[a-z@]/ }, (argument) =>
        argument.kind === 'dynamic-import' && !argument.path.startsWith('node:')
          ? { path: argument.path, namespace: 'packed' }
          : undefined,
      )
      builder.onLoad({ filter: /.*/, namespace: 'packed' }, async ({ path }) => ({
        contents: await pack(path),
        resolveDir: root,
      }))
    },
  }
}

async function pack(name: string): Promise<string> {
  const shape = { bundle: true, write: false, minify: true, platform: 'browser', target: 'es2022' } as const
  const stdin = { contents: `export * from '${name}'`, resolveDir: root }
  const modules = await build({ ...shape, stdin, format: 'esm', metafile: true })
  const script = await build({ ...shape, stdin, format: 'iife', globalName: 'exported' })
  const names = Object.values(modules.metafile.outputs).flatMap((output) => output.exports)
  const text = script.outputFiles.map((file) => file.text).join('')
  const packed = deflateRawSync(`${text};return exported`, { level: 9 }).toString('base64')
  return `
    const { inflateRawSync } = await import('node:zlib')
    const { ${names.join(', ')} } = new Function(inflateRawSync(Buffer.from('${packed}', 'base64')).toString())()
    export { ${names.join(', ')} }`
}
