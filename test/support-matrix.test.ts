import { expect, test } from 'vitest'
import { supportMatrix } from '../scripts/support-matrix.ts'

test('docs/support-matrix.md is what the functions declare', async () => {
  const text = await supportMatrix()
  expect(text).toContain('| `VirtualService.http.match.method.exact` | yes |')
  await expect(text).toMatchFileSnapshot('../docs/support-matrix.md')
})
