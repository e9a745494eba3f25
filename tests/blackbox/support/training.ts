import { spawnSync } from 'node:child_process'
import type { RouteReply } from '@anneal/contract'
import type { Client } from '../../support/client.ts'
import { databaseOfRun } from '../../support/database.ts'
import { preparedEngine } from '../../support/engine.ts'
import { until } from '../../support/until.ts'

export type Run = RouteReply<'training.get'>
export type Deployment = RouteReply<'deployments.get'>

/** Whether there is an engine to train with. */
export const hasEngine = preparedEngine() !== undefined

/** One database is trained on at length: what differs between databases is not in the engine. */
export const trainsAtLength = hasEngine && databaseOfRun() === 'sqlite'

const LONG = 180_000

/** Waits until the training engine is ready. */
export async function untilEngine(client: Client): Promise<void> {
  await until(async () => (await client.call('training.engine')).state === 'ready', {
    timeoutMs: LONG,
    everyMs: 100,
    what: 'the engine',
  })
}

/** Starts a training of the built-in starter, saving at its end alone where nothing else is said. */
export function startTraining(
  client: Client,
  input: { name: string; datasetId: string; steps: number; saveEvery?: number },
): Promise<Run> {
  const { saveEvery = input.steps, ...rest } = input
  return client.call('training.start', { body: { ...rest, saveEvery, baseModel: { kind: 'starter' } } })
}

async function untilIt<T>(read: () => Promise<T>, holds: (one: T) => boolean, what: string): Promise<T> {
  let last: T | undefined
  const look = async () => {
    last = await read()
    return holds(last) ? { found: last } : null
  }
  try {
    return (await until(look, { timeoutMs: LONG, everyMs: 100, what })).found
  } catch (error) {
    throw new Error(`${what}: ${JSON.stringify(last)}`, { cause: error })
  }
}

export const untilRun = (client: Client, id: string, holds: (run: Run) => boolean): Promise<Run> =>
  untilIt(() => client.call('training.get', { params: { id } }), holds, 'the run')

/** Waits for a deployment; one that has failed is waited for no longer. */
export async function untilDeployment(
  client: Client,
  id: string,
  holds: (one: Deployment) => boolean,
): Promise<Deployment> {
  const read = () => client.call('deployments.get', { params: { id } })
  const one = await untilIt(read, (now) => holds(now) || now.state === 'failed', 'the deployment')
  if (!holds(one)) throw new Error(`the deployment failed: ${JSON.stringify(one.error)}`)
  return one
}

/** The pids, in order, of all that runs in this folder of a server's data. */
export function processesOf(dataFolder: string, folder: string): number[] {
  const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter((line) => line.includes(`${dataFolder}/${folder}`))
    .map((line) => Number.parseInt(line, 10))
    .toSorted((a, b) => a - b)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
