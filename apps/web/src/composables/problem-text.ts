import type { TextParams } from '@anneal/contract/format'
import type { useTexts } from './texts.ts'

type Texts = Pick<ReturnType<typeof useTexts>, 't' | 'hasText'>

/** A stored failure in the reader's language: code and parameters become a title and what to do. */
export function problemText(
  texts: Texts,
  problem: { code: string; params: TextParams },
): { title: string; detail: string } {
  const { t, hasText } = texts
  const [module, reason] = problem.code.split('.')
  const key = `${module}.errors.${reason}`
  const params = withheld(texts, `${module}.withheld`, withReason(texts, `${module}.reasons`, problem.params))
  if (hasText(`${key}.title`)) return { title: t(`${key}.title`, params), detail: t(`${key}.detail`, params) }
  if (hasText(key)) return { title: t(key, params), detail: '' }
  return { title: t('ui.errors.unknown.title'), detail: t('ui.errors.unknown.detail') }
}

/** A reason that has words of its own is given by them. */
function withReason({ t, hasText }: Texts, reasons: string, params: TextParams): TextParams {
  const key = `${reasons}.${params['reason']}`
  return hasText(key) ? { ...params, reason: t(key) } : params
}

/** Where the server keeps a parameter back, it is said in its place. */
function withheld({ t, hasText }: Texts, key: string, params: TextParams): TextParams {
  const name = params['withheld']
  return typeof name === 'string' && hasText(key) ? { ...params, [name]: t(key) } : params
}
