import { expect, test } from 'vitest'
import { enumerate } from './enumerate.ts'
import { bound, dubboEntry, istio, service } from './scene.test-support.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

test('all of ten, and ten of eleven', () => {
  expect(enumerate(numbers(3), String)).toBe('0, 1, 2')
  expect(enumerate(numbers(10), String)).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9')
  expect(enumerate(numbers(11), String)).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1 more')
})

/** The longest message about so many objects that are in each other's way. */
function longest(scene: (count: number) => readonly string[], count: number): number {
  return Math.max(...scene(count).map((message) => message.length))
}

test.each<[string, (count: number) => readonly string[]]>([
  ['one host', (count) => bound(numbers(count).map((i) => dubboEntry(`s${i}`, { hosts: ['one.dubbo'] }))).said],
  [
    'one container port',
    (count) =>
      bound([
        dubboEntry('orders', { workloadSelector: { labels: { app: 'a' } } }),
        ...numbers(count).map((i) =>
          service(`w${i}`, { selector: { app: 'a' }, ports: [{ name: 'http', port: 80, targetPort: 20880 }] }),
        ),
      ]).inboundDiagnostics.map(({ message }) => message),
  ],
  [
    'one DestinationRule',
    (count) =>
      bound([
        dubboEntry('orders'),
        istio('DestinationRule', 'd', {
          host: 'orders.dubbo',
          subsets: numbers(count).map((i) => ({ name: `v${i}` })),
        }),
        istio('VirtualService', 'v', {
          hosts: ['orders.dubbo'],
          http: [{ route: [{ destination: { host: 'orders.dubbo', subset: 'none' } }] }],
        }),
      ]).said,
  ],
])('messages about many objects at %s do not grow with them', (_, scene) => {
  expect(longest(scene, 200)).toBeLessThan(longest(scene, 20) + 20)
})
