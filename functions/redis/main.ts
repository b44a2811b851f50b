import { run } from 'meltemi'
import redis from './index.ts'

await run(redis)
