import { expect, test } from 'vitest'
import { error } from './diagnostic.ts'
import { shown, withoutUserInfo } from './user-info.ts'

test.each([
  ['redis://:hunter2@cache:6379', 'redis://…@cache:6379'],
  ['no such host "redis://user:hunter2@cache:6379"', 'no such host "redis://…@cache:6379"'],
  ['"redis://:hun@ter2@cache" and "redis://:hunter2@other"', '"redis://…@cache" and "redis://…@other"'],
  ['"redis://:hun\\"ter 2/@cache"', '"redis://…@cache"'],
  ['clients of redis://hunter2@cache.shop.svc:6379 go', 'clients of redis://…@cache.shop.svc:6379 go'],
  [':hunter2@cache:6379', '…@cache:6379'],
  ['of `user:hunter2@cache` and more', 'of `…@cache` and more'],
])('%s', (text, expected) => {
  expect(withoutUserInfo(text)).toBe(expected)
})

test.each(['redis://cache:6379', '`typed_config["@type"]` must be a string', 'a: @b', 'mail me@example.org', ''])(
  'has none: %s',
  (text) => {
    expect(withoutUserInfo(text)).toBe(text)
  },
)

test('nothing of a diagnostic shows it', () => {
  const url = 'redis://:hun"ter2@cache:6379'
  const source = {
    ref: { apiVersion: url, kind: url, name: url, namespace: url },
    item: 0,
    file: { path: url, index: 0 },
  }
  const path = `spec["redis://:hun\\"ter2@cache:6379"]`
  const values = { currentValue: url, proposedValue: url }
  const text = JSON.stringify(shown(error({ source, path }, `must not be ${JSON.stringify(url)}`, values)))
  expect(text).not.toContain('ter2')
  expect(text.match(/redis:\/\/…@cache:6379/g)).toHaveLength(9)
})

test('numbers and absent values stay', () => {
  const place = { source: { ref: { apiVersion: 'v1', kind: 'Service', name: 'a' }, item: 0 }, path: 'spec' }
  for (const one of [error(undefined, 'x'), error(place, 'x', { currentValue: 7, proposedValue: null })])
    expect(shown(one)).toEqual(one)
})
