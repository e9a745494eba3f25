import { expect, test } from 'vitest'
import { withoutSent } from './own-draft.ts'

test.each([
  ['What stops the arm?', 'What stops the arm?', ''],
  ['What stops the arm? And the second one', 'What stops the arm?', 'And the second one'],
  ['another thought', 'What stops the arm?', 'another thought'],
])('%j after %j was sent is %j', (text, sent, rest) => expect(withoutSent(text, sent)).toBe(rest))
