import { setTimeout as wait } from 'node:timers/promises'
import { type Context, type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { engineOf } from './engine/engine-keeper.ts'
import { finishRun } from './finish-run.ts'
import { launchRun } from './launch-run.ts'
import { runFolder } from './run-folder.ts'
import type { RunProblem } from './run-state.ts'
import { activeStates } from './run-state.ts'
import { RunWatch } from './run-watch.ts'
import type { RunRow } from './training.repo.ts'
import { runById, runsOfNode } from './training.repo.ts'
import { transition } from './transition.ts'

/** Trainings at one time on this server: one takes all its cores or its GPU. */
const AT_ONCE = 1
/** How long a wrapper that was just started may need to name its child. */
const APPEAR_MS = 2000

function problemOf(error: unknown): RunProblem {
  if (error instanceof AppError && error.code !== 'platform.internal') {
    return { code: error.code, params: { ...error.params } }
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return {
    code: 'training.UNKNOWN',
    params: { message: cause instanceof Error ? cause.message : String(cause) },
  }
}

/** Starts this server's trainings one after another, and follows those that run, also those of a server before. */
export class TrainingSupervisor {
  private readonly platform: Platform
  private readonly ctx: Context
  private readonly watches = new Map<string, RunWatch>()
  private launching = 0
  private pumping: Promise<void> = Promise.resolve()
  private stopped = false

  constructor(platform: Platform) {
    this.platform = platform
    this.ctx = systemContext(platform, 'training')
  }

  /** Takes over what a server before left running, then starts what waits. */
  async start(): Promise<void> {
    const { db, nodes } = this.platform
    for (const row of await runsOfNode(db.read, nodes.self.id, activeStates)) await this.adopt(row)
    this.pump()
  }

  /** Leaves all trainers running. */
  async stop(): Promise<void> {
    this.stopped = true
    await this.pumping
    await Promise.all([...this.watches.values()].map((watch) => watch.leave().catch(() => undefined)))
    this.watches.clear()
  }

  /** Starts the next queued run, if there is room. */
  pump(): void {
    this.pumping = this.pumping
      .then(() => this.startNext())
      .catch((error: unknown) => this.platform.log.error('the training queue could not go on', { error }))
  }

  /** Passes a stop that is stored already on to the trainer, if it is followed here. */
  requestStop(id: string): void {
    this.watches
      .get(id)
      ?.sendStop()
      .catch((error: unknown) =>
        this.platform.log.error('a trainer could not be told to stop', { error, run: id }),
      )
  }

  private async startNext(): Promise<void> {
    if (this.stopped || this.watches.size + this.launching >= AT_ONCE) return
    if (engineOf(this.platform).view().state !== 'ready') return
    const { db, nodes } = this.platform
    const [next] = await runsOfNode(db.read, nodes.self.id, ['queued'])
    if (!next) return
    const row = await write(this.ctx, (tx) => transition(this.ctx, tx, next, 'preparing'), {
      unaudited: 'the start of the run was audited when it was asked for',
    })
    if (!row) return this.pump()
    this.launching += 1
    void this.launch(row).finally(() => {
      this.launching -= 1
      this.pump()
    })
  }

  private async launch(row: RunRow): Promise<void> {
    try {
      const launched = await launchRun(this.ctx, row)
      if (launched) await this.watch(launched)
      else await finishRun(this.ctx, row.id, { state: 'cancelled', error: null })
    } catch (error) {
      // The server goes down around it: the next one puts the run back in the queue.
      if (this.stopped) return
      this.platform.log.warn('a training run could not be started', { error, run: row.id })
      await finishRun(this.ctx, row.id, { state: 'failed', error: problemOf(error) }).catch(
        (cause: unknown) =>
          this.platform.log.error('the end of a run could not be stored', { error: cause, run: row.id }),
      )
    }
  }

  private async watch(row: RunRow): Promise<void> {
    if (this.stopped) return
    const watch = new RunWatch(this.platform, row, () => {
      this.watches.delete(row.id)
      this.pump()
    })
    this.watches.set(row.id, watch)
    const now = await this.platform.db.read.first(runById, { id: row.id })
    if (now?.desired === 'stop') this.requestStop(row.id)
  }

  private async adopt(row: RunRow): Promise<void> {
    if (await this.hasBegun(row)) return this.watch(row)
    // Killed before the trainer was started: nothing is lost, it takes its place in the queue again.
    if (row.desired === 'stop') await finishRun(this.ctx, row.id, { state: 'cancelled', error: null })
    else {
      await write(this.ctx, (tx) => transition(this.ctx, tx, row, 'queued'), {
        unaudited: 'the start of the run was audited when it was asked for',
      })
    }
  }

  private async hasBegun(row: RunRow): Promise<boolean> {
    if (row.process !== null || row.state === 'running' || row.state === 'finalizing') return true
    const { processes } = this.platform
    const folder = runFolder(this.platform, row.id)
    const limit = Date.now() + APPEAR_MS
    for (;;) {
      if ((await processes.readIdentity(folder)) ?? (await processes.readExit(folder))) return true
      if (Date.now() > limit) return false
      await wait(100)
    }
  }
}

export const supervisorOf = perPlatform((platform) => new TrainingSupervisor(platform))
