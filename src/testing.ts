/** The test kit: what proves a protocol, inside this repository and outside it. It needs vitest and fast-check. */
export { type MeshOptions, meshes } from './testkit/arbitraries.ts'
export { missingParts } from './testkit/completeness.ts'
export { type ConformanceOptions, conformance } from './testkit/conformance.ts'
export { type Golden, type GoldenCase, readGolden } from './testkit/golden.ts'
export { type Law, laws } from './testkit/laws.ts'
export { type Subject, subjectOf } from './testkit/subject.ts'
