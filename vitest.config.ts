import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const conditions = ['meltemi-source', 'node', 'module', 'import', 'default']

/** Functions import the package by its own name, which is its source while it is tested: see `exports` in package.json. */
function project(test: NonNullable<TestProjectInlineConfiguration['test']>): TestProjectInlineConfiguration {
  return { resolve: { conditions }, ssr: { resolve: { conditions } }, test }
}

export default defineConfig({
  test: {
    projects: [
      project({ name: 'unit', include: ['{src,functions,scripts}/**/*.test.ts', 'test/{*,mesh/**/*}.test.ts'] }),
      project({
        name: 'hosts',
        include: ['test/hosts/*.test.ts'],
        globalSetup: 'test/hosts/setup.ts',
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      project({
        name: 'containers',
        include: ['test/hosts/containers/*.test.ts'],
        globalSetup: 'test/hosts/containers/setup.ts',
        testTimeout: 240_000,
        hookTimeout: 240_000,
        // One daemon serves them all; hosts in parallel only wait for each other.
        fileParallelism: false,
      }),
      project({ name: 'envoy-api', include: ['test/envoy-api/**/*.test.ts'], testTimeout: 120_000 }),
    ],
  },
})
