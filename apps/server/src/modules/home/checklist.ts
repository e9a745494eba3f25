import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Gathered } from './gather.ts'

type Step = RouteReply<'home.get'>['checklist'][number]
type Fact = Step['fact']

const fact = (key: string, params: Record<string, string | number> = {}): Fact => ({ key, params })
const percentOf = (fraction: number) => Math.floor(Math.min(1, Math.max(0, fraction)) * 100)

function signInStep(ctx: Context): Step {
  const isAdministrator = 'role' in ctx.actor && ctx.actor.role === 'administrator'
  const name = 'name' in ctx.actor ? ctx.actor.name : ''
  const said = isAdministrator ? fact('administratorCreated') : fact('signedIn', { name })
  return { step: 'sign-in', done: true, progress: null, fact: said, link: '/' }
}

function connectStep(ctx: Context, { models }: Gathered): Step {
  const step = { step: 'connect' as const, progress: null, link: '/models' }
  const connected = models.filter((model) => model.deploymentId === null)
  if (connected.length === 0) {
    const mayConnect = 'permissions' in ctx.actor && ctx.actor.permissions.has('connections.manage')
    return { ...step, done: false, fact: fact(mayConnect ? 'connectFirst' : 'askForModels') }
  }
  const connections = new Set(connected.map((model) => model.connectionId)).size
  const n = connected.length
  return {
    ...step,
    done: true,
    fact: connections === 1 ? fact('modelsOfOne', { n }) : fact('models', { n, connections }),
  }
}

/** Milliseconds to the first token, or null where the meter lacks it. */
function firstTokenMs(meter: string): number | null {
  const value = (JSON.parse(meter) as { firstTokenMs?: unknown }).firstTokenMs
  return typeof value === 'number' ? value : null
}

function chatStep({ firstAnswer, conversations }: Gathered): Step {
  const [last] = conversations
  const step = { step: 'chat' as const, progress: null, link: last ? `/chat/${last.id}` : '/chat' }
  if (!firstAnswer) return { ...step, done: false, fact: fact('askAnything') }
  const ms = firstTokenMs(firstAnswer.meter)
  const said =
    ms === null
      ? fact('answered', { model: firstAnswer.model_name })
      : fact('answeredIn', { seconds: Math.max(0.1, Math.round(ms / 100) / 10) })
  return { ...step, done: true, fact: said }
}

function datasetStep({ datasets }: Gathered): Step {
  const ready = datasets.find((dataset) => dataset.state === 'ready')
  const newest = ready ?? datasets[0]
  const step = { step: 'dataset' as const, link: newest ? `/datasets/${newest.id}` : '/datasets' }
  if (ready) return { ...step, done: true, progress: null, fact: fact('rowsChecked', { n: ready.rows }) }
  if (newest?.state === 'checking') {
    return {
      ...step,
      done: false,
      progress: newest.progress,
      fact: fact('checking', { percent: percentOf(newest.progress) }),
    }
  }
  return { ...step, done: false, progress: null, fact: fact(newest ? 'datasetFailed' : 'fileOrSample') }
}

const waiting = new Set(['queued', 'preparing'])
export const live = new Set(['queued', 'preparing', 'running', 'stopping', 'finalizing'])

function timeLeft(percent: number, seconds: number | null): Fact {
  if (seconds === null) return fact('trainingStarted', { percent })
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return fact('trainingMinutes', { percent, minutes })
  return fact('trainingHours', { percent, hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}

function trainStep({ training }: Gathered): Step {
  const step = { step: 'train' as const, progress: null }
  /* A live run may have a checkpoint already: it is not done. */
  const done = training.find((run) => run.servable && !live.has(run.state))
  if (done)
    return { ...step, done: true, fact: fact('trained', { name: done.name }), link: `/training/${done.id}` }
  const now = training.find((run) => live.has(run.state))
  if (now) {
    const link = `/training/${now.id}`
    if (waiting.has(now.state)) return { ...step, done: false, progress: 0, fact: fact('queued'), link }
    const fraction = now.settings.steps > 0 ? now.step / now.settings.steps : 0
    return {
      ...step,
      done: false,
      progress: Math.min(1, fraction),
      fact: timeLeft(percentOf(fraction), now.secondsLeft),
      link,
    }
  }
  const [failed] = training.filter((run) => run.state === 'failed' || run.state === 'lost')
  if (failed)
    return {
      ...step,
      done: false,
      fact: fact('trainingFailed', { name: failed.name }),
      link: `/training/${failed.id}`,
    }
  return { ...step, done: false, fact: fact('onThisServer'), link: '/training/new' }
}

const startingStates = new Set(['merging', 'starting', 'restarting'])

function deployStep({ deployments, training }: Gathered): Step {
  const step = { step: 'deploy' as const, progress: null }
  const serving = deployments.find((each) => each.state === 'serving')
  if (serving)
    return {
      ...step,
      done: true,
      fact: fact('serving', { name: serving.name }),
      link: `/deployments/${serving.id}`,
    }
  const [newest] = deployments
  if (newest) {
    const said = startingStates.has(newest.state) ? 'deploymentStarting' : 'deploymentFailed'
    return { ...step, done: false, fact: fact(said), link: `/deployments/${newest.id}` }
  }
  const trained = training.find((run) => run.servable)
  return {
    ...step,
    done: false,
    fact: fact(trained ? 'serveIt' : 'whenRunEnds'),
    link: trained ? `/training/${trained.id}` : '/deployments',
  }
}

function talkStep({ ownAnswer, models }: Gathered): Step {
  const own = models.find((model) => model.deploymentId !== null)
  const step = { step: 'talk' as const, progress: null, link: own ? `/chat?model=${own.id}` : '/chat' }
  return ownAnswer
    ? { ...step, done: true, fact: fact('talked', { model: ownAnswer.model_name }) }
    : { ...step, done: false, fact: fact('ownModel') }
}

/** The seven steps to an own model, each with a fact that holds now. */
export function checklist(ctx: Context, gathered: Gathered): Step[] {
  return [
    signInStep(ctx),
    connectStep(ctx, gathered),
    chatStep(gathered),
    datasetStep(gathered),
    trainStep(gathered),
    deployStep(gathered),
    talkStep(gathered),
  ]
}
