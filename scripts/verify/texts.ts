import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../lib/bootstrap.mjs'

/** Keys by dotted path with their texts. */
export function flatten(value: unknown, prefix = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[prefix, value]])
  if (typeof value !== 'object' || value === null) return new Map()
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...flatten(inner, prefix === '' ? key : `${prefix}.${key}`),
  ])
  return new Map(entries)
}

// A date takes the month by its name in one language and by its number in the other; both are always given.
const MAY_DIFFER = /^ui\.figures\.(date|dateYear|day)$/

function placeholders(text: string): string {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  return [...new Set(names)].toSorted().join(', ')
}

/** What differs between the two catalogues: keys that one lacks, placeholders that do not agree, empty texts. */
export function compareTexts(english: Map<string, string>, chinese: Map<string, string>): string[] {
  const failures: string[] = []
  for (const [key, text] of english) {
    const other = chinese.get(key)
    if (other === undefined) failures.push(`${key}: missing in Chinese`)
    else if (!MAY_DIFFER.test(key) && placeholders(text) !== placeholders(other)) {
      failures.push(`${key}: placeholders differ: {${placeholders(text)}} and {${placeholders(other)}}`)
    }
    if (text.trim() === '' || other?.trim() === '') failures.push(`${key}: an empty text`)
  }
  for (const key of chinese.keys()) if (!english.has(key)) failures.push(`${key}: missing in English`)
  return failures
}

async function catalogue(language: 'en' | 'zh'): Promise<Map<string, string> | undefined> {
  const file = path.join(root, `packages/contract/src/texts/${language}.ts`)
  if (!existsSync(file)) return undefined
  const module = (await import(pathToFileURL(file).href)) as { texts: unknown }
  return flatten(module.texts)
}

export async function checkTexts(): Promise<string[]> {
  const [english, chinese] = await Promise.all([catalogue('en'), catalogue('zh')])
  return english && chinese ? compareTexts(english, chinese) : []
}
