import type { TextParams } from '@anneal/contract/format'
import type { useTexts } from './texts.ts'

/** A stored failure in the reader's language: code and parameters become a title and what to do. */
export function problemText(
  { t, hasText }: Pick<ReturnType<typeof useTexts>, 't' | 'hasText'>,
  problem: { code: string; params: TextParams },
): { title: string; detail: string } {
  const [module, reason] = problem.code.split('.')
  const key = `${module}.errors.${reason}`
  if (hasText(`${key}.title`))
    return { title: t(`${key}.title`, problem.params), detail: t(`${key}.detail`, problem.params) }
  if (hasText(key)) return { title: t(key, problem.params), detail: '' }
  return { title: t('ui.errors.unknown.title'), detail: t('ui.errors.unknown.detail') }
}
