import fc from 'fast-check'
import { distance } from 'fastest-levenshtein'
import { expect, test } from 'vitest'
import { type HostTrie, hostTrie, neighbours } from './host-trie.ts'

const hosts = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 7 })

test('finds just those that comparing with each finds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hosts), hosts, fc.integer({ min: 0, max: 3 }), (known, sought, most) => {
      const compared = known
        .map((host) => ({ host, apart: distance(host, sought) }))
        .filter(({ apart }) => apart <= most)
      const found = neighbours(hostTrie(known), sought, most)
      expect(new Set(found.map(({ host, apart }) => `${host} ${apart}`))).toEqual(
        new Set(compared.map(({ host, apart }) => `${host} ${apart}`)),
      )
      expect(found).toHaveLength(compared.length)
    }),
  )
})

/** The same trie, and which of its nodes are looked into. */
function watched({ next, host }: HostTrie, looked: () => void): HostTrie {
  class Watched extends Map<string, HostTrie> {
    override [Symbol.iterator]() {
      looked()
      return super[Symbol.iterator]()
    }
  }
  const copy = new Watched([...next].map(([letter, node]) => [letter, watched(node, looked)]))
  return { next: copy, ...(host === undefined ? {} : { host }) }
}

test('does not follow the hosts that are further apart, nor compare a domain for each of its hosts', () => {
  const known = Array.from({ length: 2000 }, (_, n) => `${n}-service.shop.svc.cluster.local`)
  const others = Array.from({ length: 2000 }, (_, n) => `service-${n}.bank.svc.cluster.local`)
  let looks = 0
  const trie = watched(hostTrie([...known, ...others]), () => {
    looks++
  })
  expect(neighbours(trie, '1234-servise.shop.svc.cluster.local', 1).map(({ host }) => host)).toEqual([
    '1234-service.shop.svc.cluster.local',
  ])
  expect(looks).toBeLessThan(100)
})
