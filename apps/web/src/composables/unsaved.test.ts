import { expect, test } from 'vitest'
import type { RouteLocationNormalized } from 'vue-router'
import { isSamePlace } from './unsaved.ts'

const place = (path: string, query = {}, hash = '') => ({ path, query, hash }) as RouteLocationNormalized
const from = place('/models', { tab: 'connections' })

test.each([
  [place('/models', { tab: 'connections' }, '#top'), true],
  [place('/models'), false],
  [place('/models', { tab: 'connections', q: 'qwen' }), false],
  [place('/chat', { tab: 'connections' }), false],
])('what is written is asked about unless the place is the same (%#)', (to, same) => {
  expect(isSamePlace(to, from)).toBe(same)
})
