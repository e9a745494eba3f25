import { useTexts } from '../../../composables/texts.ts'
import type { BaseModel, Run } from '../training.api.ts'

/** How a base model, a method and a run's settings are put into words. */
export function useRunWords() {
  const { t, formatCompact, formatScientific } = useTexts()

  function baseName(base: BaseModel): string {
    if (base.kind === 'starter') return t('training.bases.starter')
    if (base.kind === 'hub') return base.id
    return base.path.split('/').filter(Boolean).at(-1) ?? base.path
  }

  function methodName(run: Pick<Run, 'tuning' | 'settings'>): string {
    const { learningRate, batchSize, gradientAccumulation } = run.settings
    const common = {
      rate: formatScientific(learningRate),
      batch: String(batchSize),
      accumulate: String(gradientAccumulation),
    }
    return run.tuning.kind === 'lora'
      ? t('training.lineage.lora', { ...common, rank: String(run.tuning.rank) })
      : t('training.lineage.full', common)
  }

  function parametersName(run: Run): string {
    if (run.parameters === null) return ''
    const all = formatCompact(run.parameters)
    if (run.trainableParameters === null || run.trainableParameters === run.parameters)
      return t('training.lineage.parameters', { all })
    return t('training.lineage.someParameters', { all, some: formatCompact(run.trainableParameters) })
  }

  return { baseName, methodName, parametersName }
}
