import { expect, test } from 'vitest'
import type { useTexts } from '../../../composables/texts.ts'
import type { AuditEntry } from '../audit.api.ts'
import { detailOf } from './audit-words.ts'

const words: Record<string, string> = {
  'admin.audit.fields.maxOutput': 'longest answer',
  'admin.settings.fields.instance.name.label': 'Instance name',
  'admin.audit.comma': ', ',
  'admin.audit.yes': 'yes',
  'admin.audit.no': 'no',
}
const texts = {
  t: (key: string) => words[key] ?? '?',
  hasText: (key: string) => key in words,
} as unknown as ReturnType<typeof useTexts>
const entry = (details: AuditEntry['details']) => ({ outcome: 'done', details }) as AuditEntry

test('what was changed is named as its page names it; an unknown field as it is stored', () => {
  const changed = ['maxOutput', 'instance.name', 'tomorrows']
  expect(detailOf(texts, entry({ changed }))).toBe('longest answer, Instance name, tomorrows')
})

test('what it was and what it is now: words for yes, no and nothing, text as it was written', () => {
  expect(detailOf(texts, entry({ from: false, to: true }))).toBe('no → yes')
  expect(detailOf(texts, entry({ from: null, to: 'member' }))).toBe('– → member')
  expect(detailOf(texts, entry({ to: 3 }))).toBe(' → 3')
  expect(detailOf(texts, entry({}))).toBe('')
})
