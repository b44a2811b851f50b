import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readScenarios, type ScenarioTable } from './scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'meltemi-scenarios-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(text: string): ScenarioTable {
  const file = join(folder, 'scenarios.yaml')
  writeFileSync(file, text)
  return readScenarios(file)
}

const scenario = '{name: a, from: client, to: "host:1", expect: {reached: {v1: all}}}'

test('a table is read', () => {
  const { meshes, scenarios } = read(`meshes: {plain: {mtls: DISABLE, envoys: ["1.37.0"]}}\nscenarios: [${scenario}]`)
  expect(meshes).toEqual([{ name: 'plain', mtls: 'DISABLE', envoys: ['1.37.0'] }])
  expect(scenarios[0]).toMatchObject({ name: 'a', times: 1, restart: [], expect: { reached: { v1: 'all' } } })
})

test('a misspelt expectation is refused, as it would expect nothing', () => {
  const text = scenario.replace('reached', 'reach')
  expect(() => read(`meshes: {plain: {}}\nscenarios: [${text}]`)).toThrow(/`reach` is none of reached, /)
})

test('a scenario that expects nothing is refused', () => {
  expect(() => read('meshes: {plain: {}}\nscenarios: [{name: a, from: client, to: "host:1"}]')).toThrow(
    /expects nothing/,
  )
})

test('two scenarios of one name are refused', () => {
  expect(() => read(`meshes: {plain: {}}\nscenarios: [${scenario}, ${scenario}]`)).toThrow(
    /two scenarios are named "a"/,
  )
})

test('an mTLS mode that does not exist is refused', () => {
  expect(() => read(`meshes: {plain: {mtls: ON}}\nscenarios: [${scenario}]`)).toThrow(
    /must be PERMISSIVE, STRICT or DISABLE/,
  )
})
