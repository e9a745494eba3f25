import type { Permission, RouteReply } from '@anneal/contract'
import type { Step } from '../../ui/Stepper.vue'

type ChecklistStep = RouteReply<'home.get'>['checklist'][number]

const failures = new Set(['datasetFailed', 'trainingFailed', 'deploymentFailed'])

/** What it takes to do a step, and to open what it made. */
const needs: Readonly<Record<ChecklistStep['step'], { do?: Permission; open?: Permission }>> = {
  'sign-in': {},
  connect: { do: 'connections.manage', open: 'models.read' },
  chat: { do: 'chat.use', open: 'chat.use' },
  dataset: { do: 'datasets.write', open: 'datasets.read' },
  train: { do: 'training.write', open: 'training.read' },
  deploy: { do: 'deployments.manage', open: 'deployments.read' },
  talk: { do: 'chat.use', open: 'chat.use' },
}

/** Ember only for what goes on at this moment; a queued run waits. */
export function stateOf(step: ChecklistStep): Step['state'] {
  if (step.done) return 'done'
  const key = step.fact?.key ?? ''
  if (failures.has(key)) return 'failed'
  if (key === 'deploymentStarting') return 'live'
  return step.progress !== null && key !== 'queued' ? 'live' : 'waiting'
}

/** Whether its link leads anywhere for this person. */
export function mayOpen(step: ChecklistStep, can: (permission: Permission) => boolean): boolean {
  if (step.step === 'sign-in') return false
  const { do: act, open } = needs[step.step]
  const wanted = step.link.endsWith('/new') ? act : open
  return wanted === undefined || can(wanted)
}

/** The first step that waits for the person; none while one goes on by itself. */
export function nextStep(
  steps: readonly ChecklistStep[],
  can: (permission: Permission) => boolean,
): { step: ChecklistStep; failed: boolean; may: boolean } | null {
  const step = steps.find((each) => !each.done)
  if (!step || step.progress !== null || stateOf(step) === 'live') return null
  const act = needs[step.step].do
  return { step, failed: stateOf(step) === 'failed', may: act === undefined || can(act) }
}
