import { computed } from 'vue'
import { useTexts } from '../../../composables/texts.ts'
import type { PaneView } from './pane-views.ts'

const optionKeys: Readonly<Record<string, string>> = {
  temperature: 'compare.temperature',
  topP: 'compare.topP',
  maxTokens: 'compare.maxTokens',
  seed: 'compare.seed',
  reasoningEffort: 'compare.reasoning',
  tools: 'compare.tools',
}

/** What a pane's provider did not take as it was given, one line a pane. */
export function useIgnored(views: () => readonly PaneView[]) {
  const { t, language } = useTexts()
  const nameOf = (option: string | number | undefined): string => {
    const key = optionKeys[String(option)]
    const name = key ? t(key) : String(option ?? '')
    /* In the middle of a sentence; Chinese knows no capitals. */
    return language.value === 'en' ? name.charAt(0).toLowerCase() + name.slice(1) : name
  }
  return computed(() =>
    views().flatMap(({ letter, answer }) => {
      const warnings = answer?.warnings ?? []
      const left = warnings.filter(({ code }) => code === 'provider.option-ignored')
      const changed = warnings.filter(({ code }) => code === 'provider.option-changed')
      const separator = language.value === 'en' ? ', ' : '、'
      const options = [...new Set(left.map(({ params }) => nameOf(params['option'])))].join(separator)
      return [
        ...(options ? [t('compare.ignores', { pane: letter, options })] : []),
        ...changed.map(({ params }) =>
          t('compare.changes', { pane: letter, option: nameOf(params['option']), to: params['to'] ?? '' }),
        ),
      ]
    }),
  )
}
