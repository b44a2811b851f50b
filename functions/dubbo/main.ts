import { run } from 'meltemi'
import dubbo from './index.ts'

await run(dubbo)
