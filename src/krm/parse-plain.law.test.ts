import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import parseFull from './parse-full.ts'
import { parsePlain } from './parse-plain.ts'

/** An object as people write it, and one as tools print it. */
const OBJECTS = [
  `- apiVersion: v1
  kind: Service
  metadata: # of the team
    name: orders
    namespace: "shop"
    labels: {app: orders, "tier": back}
    annotations:
      config.kubernetes.io/index: '3'
      interface: org.example.OrderService

  spec:
    clusterIP: 10.96.0.10
    selector: {app: orders}
    # the only one
    ports:
    - name: tcp-dubbo
      port: 20880
      targetPort: dubbo
    - {name: http, port: 80}
    publishNotReadyAddresses: true
`,
  `- apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata:
    name: orders
  spec:
    hosts:
      - orders.shop.svc.cluster.local
      - "*.example.com"
    http:
      - name: by method
        match:
          - headers:
              "x-method": {exact: getOrder}
            port: 20880
        timeout: 5s
        route:
          -
            destination:
              host: orders
              subset: v2
            weight: 90
          - destination: {host: 'orders', subset: v1}
            weight: 10
      - route: []
        fault: {}
        mirror:
`,
] as const

/** What changes the meaning of YAML, or its being YAML, wherever it stands. */
const PIECE = fc.constantFrom(
  ...['\n', ' ', '  ', ':', ': ', '- ', '-', '#', ' #', '"', "'", '\\', '|', '>', '&a', '*a', '!', '{', '}', '[', ']'],
  ...[',', '?', '%', '@', '`', '=', '(', '/', '\t', '\r\n', '\r', '~', '<<', '...', '---', '\n---\n', '\n...\n'],
  ...['null', 'true', 'True', '0', '1', '010', '-0', '+1', '.', '1.5', '1e3', '0x1', '.inf', '2024-05-01', '5s'],
  ...['\u00e9', '\u00a0', '\ufeff', '\u0085', '\u2028', '\u0000', '\u007f', '\ud83d\ude00', '\ud83d'],
  ...['a: b', '\n  ', '\n    x: y', '__proto__', 'constructor: 1', '""', "''", ''],
)

const edit = fc.record({ at: fc.nat(1000), cut: fc.constantFrom(0, 0, 0, 1, 2, 5), piece: PIECE })

/** Some lines of an object, with pieces put in and characters cut out. */
const text = fc
  .record({
    object: fc.constantFrom(...OBJECTS),
    from: fc.nat(25),
    count: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 8 })),
    edits: fc.array(edit, { maxLength: 3 }),
    end: fc.constantFrom('', '\n'),
  })
  .map(({ object, from, count, edits, end }) => {
    const lines = object.trimEnd().split('\n')
    const start = from % lines.length
    const whole = lines.slice(count === 100 ? 0 : start, start + count).join('\n') + end
    return edits.reduce((changed, { at, cut, piece }) => {
      const offset = at % (changed.length + 1)
      return changed.slice(0, offset) + piece + changed.slice(offset + cut)
    }, whole)
  })

test('what is read by characters is what the full parser reads', () => {
  let sure = 0
  fc.assert(
    fc.property(text, (text) => {
      const plain = parsePlain(text)
      if (plain === undefined) return
      sure += 1
      expect(parseFull(text, false)).toEqual({ ok: true, value: plain.value })
    }),
    { numRuns: 5000 },
  )
  expect(sure).toBeGreaterThan(1000)
})

test('and what the second parser reads', () => {
  fc.assert(
    fc.property(text, (text) => {
      const plain = parsePlain(text)
      if (plain === undefined) return
      const document = parseDocument(text)
      expect(document.errors).toEqual([])
      expect(document.toJS()).toEqual(plain.value)
    }),
    { numRuns: 500 },
  )
})
