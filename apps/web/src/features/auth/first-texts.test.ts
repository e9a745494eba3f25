import { texts } from '@anneal/contract/texts/first-en'
import { expect, test } from 'vitest'

const sources = import.meta.glob<string>('./**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })

test('pages before sign-in show texts of the first part of the catalogue alone', () => {
  const modules = Object.entries(sources)
    .filter(([file]) => !file.endsWith('.test.ts'))
    .flatMap(([, source]) => [...source.matchAll(/\bt\(\s*[`'](\w+)\./g)].map((match) => match[1]))
  expect(modules.length).toBeGreaterThan(20)
  expect([...new Set(modules)].filter((module) => !(module! in texts))).toEqual([])
})
