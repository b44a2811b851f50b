/**
 * `npm run new -- <protocol> [folder]`: writes a complete folder for a protocol, `functions/<protocol>` unless another
 * parent folder is named, with one golden case that is red until its output is written and read.
 */
import { relative, resolve } from 'node:path'
import process from 'node:process'
import { root } from './functions.ts'
import { writeProtocol } from './new-protocol/write.ts'

const [name, parent = resolve(root, 'functions')] = process.argv.slice(2)
if (name === undefined) throw new Error('usage: npm run new -- <protocol> [folder]')
const paths = await writeProtocol(name, resolve(parent))
console.log(`${paths.map((path) => relative(process.cwd(), path)).join('\n')}

Next: fill in \`index.ts\` and \`filter.ts\`, then \`npm run golden\`, and read what it wrote. docs/authoring.md has every step.`)
