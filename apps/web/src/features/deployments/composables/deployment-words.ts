import { useTexts } from '../../../composables/texts.ts'
import type { Deployment } from '../deployments.api.ts'

/** What is served, in words, and where that came from. */
export function useDeploymentWords() {
  const { t } = useTexts()

  function sourceText({ source, sourceName }: Deployment): string {
    if (source.kind === 'training-run') return t('deployments.fromRun', { name: sourceName })
    if (source.kind === 'training-base') return t('deployments.fromRunBase', { name: sourceName })
    return source.baseModel.kind === 'starter'
      ? t('deployments.fromStarter')
      : t('deployments.fromBase', { name: sourceName })
  }
  function sourceLink({ source }: Deployment): string | null {
    return source.kind === 'base-model' ? null : `/training/${source.trainingRunId}`
  }
  return { sourceText, sourceLink }
}
