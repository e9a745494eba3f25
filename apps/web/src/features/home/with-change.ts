import type { Change, RouteReply } from '@anneal/contract'

type Home = RouteReply<'home.get'>
type Run = Home['running'][number]
type Fact = Home['checklist'][number]['fact']

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function trainingFact(share: number, secondsLeft: number | null): Fact {
  const percent = Math.floor(share * 100)
  if (secondsLeft === null) return { key: 'trainingStarted', params: { percent } }
  const minutes = Math.max(1, Math.round(secondsLeft / 60))
  if (minutes < 60) return { key: 'trainingMinutes', params: { percent, minutes } }
  return {
    key: 'trainingHours',
    params: { percent, hours: Math.floor(minutes / 60), minutes: minutes % 60 },
  }
}

/** How far a run is, 0 to 1. */
export function shareOf(run: Pick<Run, 'step' | 'steps'>): number {
  return run.steps > 0 ? Math.min(1, run.step / run.steps) : 0
}

/**
 * Home with a run's new step in it, so that each step needs no request; undefined where the change says more than that
 * (another kind, another state, a run that is not shown) and home has to be read again.
 */
export function withChange(home: Home, change: Change): Home | undefined {
  const { data } = change
  if (change.kind !== 'training-run' || change.change !== 'updated' || !data) return undefined
  const shown = home.running.find((run) => run.id === change.id)
  if (!shown || shown.state !== data['state'] || typeof data['step'] !== 'number') return undefined
  const next: Run = {
    ...shown,
    step: data['step'],
    loss: numberOrNull(data['loss']),
    secondsLeft: numberOrNull(data['secondsLeft']),
  }
  const share = shareOf(next)
  return {
    ...home,
    running: home.running.map((run) => (run === shown ? next : run)),
    checklist: home.checklist.map((step) =>
      step.step === 'train' && step.progress !== null && step.link === `/training/${next.id}`
        ? step.fact?.key === 'queued'
          ? step
          : { ...step, progress: share, fact: trainingFact(share, next.secondsLeft) }
        : step,
    ),
  }
}
