import { formatText, type TextParams } from '@anneal/contract/format'
import { texts } from '@anneal/contract/texts/en'

type Branch = { readonly [key: string]: string | Branch }

/** A text of the English catalogue, as the page shows it: a test names what it looks for by its key. */
export function words(key: string, params?: TextParams): string {
  let node: string | Branch | undefined = texts as Branch
  for (const part of key.split('.')) node = typeof node === 'object' ? node[part] : undefined
  if (typeof node !== 'string') throw new Error(`no text ${key}`)
  return formatText(node, params, 'en')
}
