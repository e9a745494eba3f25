import { useTexts } from '../../../composables/texts.ts'
import type { Run } from '../training.api.ts'

export interface Suggestion {
  title: string
  text: string
  /** What the form of a new run is opened with, on top of this run's settings. */
  query: Record<string, string>
}

const memoryCodes = ['training.GPU_OOM', 'training.HOST_OOM']

/** What to try after a failure, best first; empty where the cause asks for something outside of the settings. */
export function useSuggestions() {
  const { t, formatNumber, formatScientific } = useTexts()

  function ofMemory({ settings, tuning, baseModel }: Run): Suggestion[] {
    const { batchSize, gradientAccumulation, maxLength } = settings
    const half = Math.floor(batchSize / 2)
    return [
      ...(batchSize > 1
        ? [
            {
              title: t('training.failed.smallerBatch'),
              text: t('training.failed.smallerBatchText', {
                from: batchSize,
                fromMore: gradientAccumulation,
                to: half,
                toMore: gradientAccumulation * 2,
              }),
              query: { batchSize: String(half), gradientAccumulation: String(gradientAccumulation * 2) },
            },
          ]
        : []),
      ...(maxLength > 64
        ? [
            {
              title: t('training.failed.shorter'),
              text: t('training.failed.shorterText', { from: maxLength, to: Math.floor(maxLength / 2) }),
              query: { maxLength: String(Math.floor(maxLength / 2)) },
            },
          ]
        : []),
      ...(tuning.kind === 'full' && baseModel.kind !== 'starter'
        ? [
            {
              title: t('training.failed.lora'),
              text: t('training.failed.loraText'),
              query: { tuning: 'lora' },
            },
          ]
        : []),
    ]
  }

  function ofNoNumber({ settings }: Run): Suggestion[] {
    const slower = Number((settings.learningRate / 4).toPrecision(2))
    return [
      {
        title: t('training.failed.slower'),
        text: t('training.failed.slowerText', {
          from: formatScientific(settings.learningRate),
          to: formatScientific(slower),
        }),
        query: { learningRate: String(slower) },
      },
      {
        title: t('training.failed.longer'),
        text: t('training.failed.longerText', {
          from: formatNumber(settings.maxLength),
          to: formatNumber(settings.maxLength * 2),
        }),
        query: { maxLength: String(settings.maxLength * 2) },
      },
    ]
  }

  return (run: Run): Suggestion[] => {
    const code = run.error?.code ?? ''
    if (memoryCodes.includes(code)) return ofMemory(run)
    return code === 'training.NAN_LOSS' ? ofNoNumber(run) : []
  }
}
