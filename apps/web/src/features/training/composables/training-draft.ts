import { reactive, watch } from 'vue'
import type { BaseModel, Checkpoint, Run, Tuning } from '../training.api.ts'
import type { NumberField } from './training-fields.ts'

export interface ResumePoint {
  trainingRunId: string
  checkpointId: string
  name: string
  step: number
}

export interface Draft {
  /** Empty: as suggested. */
  name: string
  base: BaseModel['kind']
  hubId: string
  folder: string
  datasetId: string
  tuning: Tuning
  /** The checkpoint that the new run goes on from. */
  resume: ResumePoint | null
  /** What was typed in place of what is suggested. */
  numbers: Partial<Record<NumberField, string>>
}

const key = 'anneal.training.draft'
const blank = (): Draft => ({
  name: '',
  base: 'starter',
  hubId: '',
  folder: '',
  datasetId: '',
  tuning: 'full',
  resume: null,
  numbers: {},
})

function kept(): Partial<Draft> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    return typeof stored === 'object' && stored !== null ? stored : {}
  } catch {
    return {}
  }
}

/** A run's settings, all of them as typed. */
export function draftOf(run: Run): Draft {
  const { baseModel, tuning, settings } = run
  const numbers: Draft['numbers'] = {}
  for (const [name, value] of Object.entries(settings)) numbers[name as NumberField] = String(value)
  if (tuning.kind === 'lora') {
    numbers.rank = String(tuning.rank)
    numbers.alpha = String(tuning.alpha)
    numbers.dropout = String(tuning.dropout)
  }
  return {
    ...blank(),
    base: baseModel.kind,
    hubId: baseModel.kind === 'hub' ? baseModel.id : '',
    folder: baseModel.kind === 'folder' ? baseModel.path : '',
    datasetId: run.datasetId,
    tuning: tuning.kind,
    numbers,
  }
}

/** The same, going on from one of its checkpoints; a run that was through needs more steps to go on at all. */
export function draftFrom(run: Run, checkpoint: Pick<Checkpoint, 'id' | 'step'>): Draft {
  const draft = draftOf(run)
  const { id: trainingRunId, name, settings } = run
  if (settings.steps <= checkpoint.step) draft.numbers.steps = String(checkpoint.step * 2)
  return {
    ...draft,
    resume: { trainingRunId, checkpointId: checkpoint.id, name, step: checkpoint.step },
  }
}

/** The form of a new run, kept in this browser until it is started or discarded. */
export function useTrainingDraft() {
  const draft = reactive<Draft>({ ...blank(), ...kept() })

  watch(draft, () => {
    try {
      const { name, hubId, folder, numbers } = draft
      const empty = !name && !hubId && !folder && Object.keys(numbers).length === 0
      if (empty && draft.tuning === 'full' && draft.base === 'starter') localStorage.removeItem(key)
      else localStorage.setItem(key, JSON.stringify(draft))
    } catch {
      /* A full or forbidden storage loses the draft at a reload, not now. */
    }
  })

  return {
    draft,
    fill: (values: Partial<Draft>) => Object.assign(draft, values),
    discard: () => Object.assign(draft, { ...blank(), datasetId: draft.datasetId }),
    forget(): void {
      Object.assign(draft, blank())
    },
  }
}
