import { run } from 'meltemi'
import thrift from './index.ts'

await run(thrift)
