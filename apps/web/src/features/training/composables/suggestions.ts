import { useTexts } from '../../../composables/texts.ts'
import type { Run, RunChanges } from '../training.api.ts'

export interface Suggestion {
  title: string
  text: string
  /** What is different in the new run; nothing for one as it was. */
  changes: RunChanges
}

const memoryCodes = ['training.GPU_OOM', 'training.HOST_OOM', 'training.KILLED']

/** Its weights went wrong before it ended: what it saved last may be wrong already. */
export function isAstray({ error }: Pick<Run, 'error'>): boolean {
  return error?.code === 'training.NAN_LOSS' || error?.code === 'training.DIVERGED'
}

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
              changes: { batchSize: half, gradientAccumulation: gradientAccumulation * 2 },
            },
          ]
        : []),
      ...(maxLength > 64
        ? [
            {
              title: t('training.failed.shorter'),
              text: t('training.failed.shorterText', { from: maxLength, to: Math.floor(maxLength / 2) }),
              changes: { maxLength: Math.floor(maxLength / 2) },
            },
          ]
        : []),
      ...(tuning.kind === 'full' && baseModel.kind !== 'starter'
        ? [
            {
              title: t('training.failed.lora'),
              text: t('training.failed.loraText'),
              changes: { tuning: { kind: 'lora' as const } },
            },
          ]
        : []),
    ]
  }

  function slower({ settings }: Run): Suggestion {
    const rate = Number((settings.learningRate / 10).toPrecision(2))
    return {
      title: t('training.failed.slower'),
      text: t('training.failed.slowerText', {
        from: formatScientific(settings.learningRate),
        to: formatScientific(rate),
      }),
      changes: { learningRate: rate },
    }
  }

  function longer({ settings }: Run): Suggestion {
    return {
      title: t('training.failed.longer'),
      text: t('training.failed.longerText', {
        from: formatNumber(settings.maxLength),
        to: formatNumber(settings.maxLength * 2),
      }),
      changes: { maxLength: settings.maxLength * 2 },
    }
  }

  return (run: Run): Suggestion[] => {
    const code = run.error?.code ?? ''
    if (memoryCodes.includes(code)) return ofMemory(run)
    if (isAstray(run)) return [slower(run)]
    return code === 'training.NO_ANSWERS_LEFT' ? [longer(run)] : []
  }
}
