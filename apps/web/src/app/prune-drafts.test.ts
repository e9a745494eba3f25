import { expect, test } from 'vitest'
import { pruneDrafts } from './prune-drafts.ts'

const day = 86_400_000

function storageOf(entries: Record<string, string>): Storage {
  const kept = new Map(Object.entries(entries))
  return {
    get length() {
      return kept.size
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}

test('a draft goes when it has not changed for three months; whatever else is kept stays', () => {
  const old = 'anneal.draft.one.me'
  const worked = 'anneal.prompt-draft.two.me'
  const storage = storageOf({ [old]: 'half a', [worked]: 'first', 'anneal.theme': 'dark' })
  pruneDrafts(storage, 0)
  storage.setItem(worked, 'second')
  pruneDrafts(storage, 60 * day)
  expect(storage.getItem(old)).toBe('half a')
  pruneDrafts(storage, 91 * day)
  expect(storage.getItem(old)).toBeNull()
  expect(storage.getItem(worked)).toBe('second')
  pruneDrafts(storage, 151 * day)
  expect(storage.getItem(worked)).toBeNull()
  expect(storage.getItem('anneal.theme')).toBe('dark')
})

test('notes that cannot be read begin anew', () => {
  const storage = storageOf({ 'anneal.drafts-seen': '{', 'anneal.compare-draft.new.me': 'x' })
  pruneDrafts(storage, 200 * day)
  expect(storage.getItem('anneal.compare-draft.new.me')).toBe('x')
})
