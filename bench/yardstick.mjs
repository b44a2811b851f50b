// What a function costs at least when it parses and prints the whole list with the fastest YAML library there is.
import { readFileSync } from 'node:fs'
import { CORE_SCHEMA, dump, load } from 'js-yaml-4'

process.stdout.write(dump(load(readFileSync(0, 'utf8'), { schema: CORE_SCHEMA }), { noRefs: true, lineWidth: -1 }))
