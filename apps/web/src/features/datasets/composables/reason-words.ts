import { useTexts } from '../../../composables/texts.ts'

interface Reason {
  code: string
  params: Record<string, string | number>
}

/** Why a row was set aside, in the reader's language. */
export function useReasonWords() {
  const { t, hasText, formatBytes } = useTexts()

  function word(name: string, value: string | number): string | number {
    if (name === 'expected' && hasText(`datasets.types.${value}`)) return t(`datasets.types.${value}`)
    if (name === 'role' && hasText(`datasets.roles.${value}`)) return t(`datasets.roles.${value}`)
    if (name === 'bytes' || name === 'limit') return formatBytes(Number(value))
    return value
  }
  const title = (code: string) =>
    hasText(`datasets.reasons.${code}.title`) ? t(`datasets.reasons.${code}.title`) : code
  function detail({ code, params }: Reason): string {
    const words = Object.entries(params).map(([name, value]) => [name, word(name, value)] as const)
    const key = `datasets.reasons.${code}.detail`
    return hasText(key) ? t(key, Object.fromEntries(words)) : ''
  }
  return { title, detail }
}
