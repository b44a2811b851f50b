import { conformance } from 'meltemi/testing'
import redis from './index.ts'

conformance(redis, import.meta.dirname)
