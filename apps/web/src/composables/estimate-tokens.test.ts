import { expect, test } from 'vitest'
import { estimateTokens } from './estimate-tokens.ts'

test.each([
  ['', 0],
  ['The arm stops itself when the torque is high.', 11],
  ['机械臂在扭矩过高时会自行停止。', 11],
  ['Payload 4.8 kg，请检查', 6],
])('%s', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens)
})
