import { formatText } from '@anneal/contract'
import type { Language, TextParams } from '@anneal/contract'
import { texts as en } from '@anneal/contract/texts/en'
import { texts as zh } from '@anneal/contract/texts/zh'

const catalogues: Record<Language, unknown> = { en, zh }

function find(catalogue: unknown, path: readonly string[]): unknown {
  let here: unknown = catalogue
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = (here as Record<string, unknown>)[part]
  }
  return here
}

/** A text of the catalogue with its parameters; undefined where there is none under this key. */
export function text(language: Language, key: string, params: TextParams = {}): string | undefined {
  const template = find(catalogues[language], key.split('.'))
  return typeof template === 'string' ? formatText(template, params, language) : undefined
}

/** Title and detail of an error code; the code itself where the catalogue lacks it. */
export function errorText(
  language: Language,
  code: string,
  params: TextParams = {},
): { title: string; detail: string } {
  const [module = '', reason = ''] = code.split('.')
  const key = `${module}.errors.${reason}`
  /* A reason that has words of its own is given by them. */
  const words = text(language, `${module}.reasons.${params['reason']}`)
  const said = words === undefined ? params : { ...params, reason: words }
  const title = text(language, `${key}.title`, said) ?? code
  return { title, detail: text(language, `${key}.detail`, said) ?? title }
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
