import { formatText } from '@anneal/contract'
import type { Language, TextParams } from '@anneal/contract'
import { texts as en } from '@anneal/contract/texts/en'
import { texts as zh } from '@anneal/contract/texts/zh'

const catalogues: Record<Language, unknown> = { en, zh }

function find(catalogue: unknown, path: readonly string[]): string | undefined {
  let here: unknown = catalogue
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Object.entries(here).find(([name]) => name === part)?.[1]
  }
  return typeof here === 'string' ? here : undefined
}

/** A text of the catalogue with its parameters; undefined where there is none under this key. */
export function text(language: Language, key: string, params: TextParams = {}): string | undefined {
  const path = key.split('.')
  const template = find(catalogues[language], path) ?? find(catalogues.en, path)
  return template === undefined ? undefined : formatText(template, params, language)
}

/** The text of an error code. */
export function errorText(language: Language, code: string, params: TextParams = {}): string {
  const [module = '', reason = ''] = code.split('.')
  return text(language, `${module}.errors.${reason}`, params) ?? code
}

/** The reader's language by the first of `Accept-Language` that there is; English where none is. */
export function languageOf(header: string | undefined): Language {
  if (!header) return 'en'
  const asked = header.split(',').map((part) => {
    const [tag = '', quality] = part.trim().split(/;\s*q=/)
    return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) || 0 }
  })
  for (const { tag, quality } of asked.toSorted((a, b) => b.quality - a.quality)) {
    if (quality === 0) continue
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh'
    if (tag === 'en' || tag.startsWith('en-')) return 'en'
  }
  return 'en'
}
