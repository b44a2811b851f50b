import fc from 'fast-check'
import { conformance } from 'meltemi/testing'
import redis from './index.ts'
import { redisObjects } from './random-objects.test-support.ts'

conformance(redis, import.meta.dirname, {
  objects: redisObjects,
  match: fc.constantFrom({}, { method: { exact: 'GET' } }, { port: 6379 }),
  config: fc.record(
    {
      inbound: fc.boolean(),
      opTimeout: fc.constantFrom('5s', 'never'),
      sharding: fc.constantFrom('maglev', 'ringHash'),
      secrets: fc.constantFrom('file', 'environment', 'inline'),
      unsupported: fc.constantFrom('error', 'warning'),
    },
    { requiredKeys: [] },
  ),
  meshes: 60,
})
