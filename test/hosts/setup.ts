import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { root } from '../../scripts/functions.ts'
import { type Found, findTool, type ToolName } from './tools.ts'

/** Finds the hosts, and the bundle that they are to run. */
export default async function setup(project: TestProject): Promise<void> {
  if (!existsSync(join(root, 'dist/dubbo.mjs'))) throw new Error('these tests run dist/dubbo.mjs: npm run build')
  await provideTools(project)
}

export async function provideTools(project: TestProject): Promise<void> {
  project.provide('tools', {
    kpt: await findTool('kpt'),
    kubectl: await findTool('kubectl'),
    kustomize: await findTool('kustomize'),
  })
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly tools: Readonly<Record<ToolName, Found>>
  }
}
