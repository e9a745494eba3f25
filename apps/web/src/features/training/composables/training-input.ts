import type { BaseModel, TrainingInput } from '../training.api.ts'
import type { Draft } from './training-draft.ts'
import type { NumberField } from './training-fields.ts'
import { loraDefaults } from './training-numbers.ts'

export function baseModelOf(draft: Draft): BaseModel {
  if (draft.base === 'hub') return { kind: 'hub', id: draft.hubId.trim() }
  return draft.base === 'folder' ? { kind: 'folder', path: draft.folder.trim() } : { kind: 'starter' }
}

interface Figures {
  numberOf: (field: NumberField) => number
  isChanged: (field: NumberField) => boolean
}

/** What a run is started with; figures that are as suggested are left to the server. */
export function inputOf(draft: Draft, name: string, { numberOf, isChanged }: Figures): TrainingInput {
  const settings: Partial<Record<NumberField, number>> = {}
  for (const field of Object.keys(draft.numbers) as NumberField[]) {
    if (!(field in loraDefaults) && isChanged(field)) settings[field] = numberOf(field)
  }
  return {
    name,
    datasetId: draft.datasetId,
    baseModel: baseModelOf(draft),
    tuning:
      draft.tuning === 'full'
        ? { kind: 'full' }
        : {
            kind: 'lora',
            rank: numberOf('rank'),
            alpha: numberOf('alpha'),
            dropout: numberOf('dropout'),
          },
    ...settings,
    ...(draft.resume && {
      resumeFrom: {
        trainingRunId: draft.resume.trainingRunId,
        checkpointId: draft.resume.checkpointId,
      },
    }),
  }
}
