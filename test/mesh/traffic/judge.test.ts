import { describe, expect, test } from 'vitest'
import type { Reply } from './driver.ts'
import { growthFault, judge } from './judge.ts'

function replies(count: number, reply: Reply): readonly Reply[] {
  return Array.from({ length: count }, () => reply)
}

describe('who answered', () => {
  test('as many as wanted is no fault', () => {
    const given = [...replies(3, { value: 'v1 hello' }), ...replies(7, { value: 'v2 hello' })]
    expect(judge(given, { reached: { v1: '3', v2: 'some' }, counters: {} }, 10)).toEqual([])
  })

  test('a workload that is not named must answer nothing', () => {
    const given = [...replies(9, { value: 'v1 hello' }), { value: 'v2 hello' }]
    expect(judge(given, { reached: { v1: 'some' }, counters: {} }, 10)).toEqual(['v2 answered 1 of 10 calls, not 0'])
  })

  test('a call that nobody answered says what the caller saw', () => {
    const given = [...replies(9, { value: 'v1 hello' }), { error: 'time-out' }]
    expect(judge(given, { reached: { v1: 'some' }, counters: {} }, 10)).toEqual([
      'nobody answered 1 of 10 calls, not 0 (the caller saw: time-out)',
    ])
  })

  test('a percentage allows what chance does and no more', () => {
    const split = (v1: number): readonly Reply[] => [
      ...replies(v1, { value: 'v1 a' }),
      ...replies(400 - v1, { value: 'v2 a' }),
    ]
    const expect80 = { reached: { v1: '80%', v2: '20%' }, counters: {} }
    expect(judge(split(310), expect80, 400)).toEqual([])
    expect(judge(split(200), expect80, 400)).toHaveLength(2)
  })

  test('calls that were not answered at all are missed', () => {
    expect(judge(replies(2, { value: 'v1 a' }), { reached: { v1: 'some' }, counters: {} }, 3)).toEqual([
      '2 of 3 calls were answered',
    ])
  })
})

describe('what they said', () => {
  test('every answer must match, not just one', () => {
    const given = [{ value: 'v1 hello' }, { value: 'v1 bye' }]
    expect(judge(given, { value: 'hello$', counters: {} }, 2)).toEqual([
      'the answer must match /hello$/, and the caller saw {"value":"v1 bye"}',
    ])
  })

  test('an answer where an error is wanted is a fault', () => {
    expect(judge([{ value: 'v1 hello' }], { error: 'refused', counters: {} }, 1)).toHaveLength(1)
    expect(judge([{ error: 'refused' }], { error: 'refused', counters: {} }, 1)).toEqual([])
  })
})

test('a counter grows by exactly so much, or by at least so much', () => {
  expect(growthFault(7, '7')).toBeUndefined()
  expect(growthFault(8, '7')).toBe('grew by 8, not 7')
  expect(growthFault(8, 'at least 7')).toBeUndefined()
  expect(growthFault(6, 'at least 7')).toBe('grew by 6, not at least 7')
})
