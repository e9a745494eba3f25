import { existsSync } from 'node:fs'
import type { RouteReply } from '@anneal/contract'
import { type Context, type Platform, perPlatform, systemContext } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { JobRun } from '../../../platform/jobs/index.ts'
import { appendLog } from '../../../platform/processes/index.ts'
import { write } from '../../../platform/write.ts'
import { enginePaths } from './engine-paths.ts'
import type { EngineStamp } from './lock.ts'
import { readLock, readStamp } from './lock.ts'
import type { EngineProgress, Preparation } from './prepare-engine.ts'
import { prepareEngine, verifyEngine } from './prepare-engine.ts'

export type EngineView = RouteReply<'training.engine'>

/** Each server has an engine of its own, so only it knows the job. */
export const prepareJob = (platform: Platform) => `training.prepare:${platform.nodes.self.id}`

/** What nothing but a person at the server can put right. */
const UNAVAILABLE = /python-missing|python-too-old|python-too-new|venv-missing/
const TELL_MS = 500

const absent: EngineView = {
  state: 'absent',
  progress: 0,
  step: null,
  error: null,
  downloadBytes: null,
  python: null,
  versions: {},
  device: null,
  preparedAt: null,
}

function ready(stamp: EngineStamp): EngineView {
  const { python, versions, device, preparedAt } = stamp
  const made = new Date(preparedAt).toISOString()
  return { ...absent, state: 'ready', progress: 1, step: 'done', python, versions, device, preparedAt: made }
}

/** What this server knows of its engine, and the one preparation at a time. */
export class EngineKeeper {
  private readonly platform: Platform
  private present: EngineView = absent
  private toldAt = 0
  private readonly stopping = new AbortController()
  private readonly listeners = new Set<() => void>()

  constructor(platform: Platform) {
    this.platform = platform
  }

  view(): EngineView {
    return this.present
  }

  onReady(listener: () => void): void {
    this.listeners.add(listener)
  }

  /** Looks whether the environment is complete; starts its preparation where the configuration says so. */
  async start(): Promise<void> {
    if (this.present.state !== 'absent') return // a job of the server before goes on
    const paths = enginePaths(this.platform.config)
    const [lock, stamp] = await Promise.all([readLock(paths.lock), readStamp(paths.environment)])
    if (stamp?.lock === lock.hash) this.present = ready(stamp)
    else if (this.platform.config.enginePrepare === 'auto') {
      await this.ask(systemContext(this.platform, 'training'))
    } else if (existsSync(paths.python)) void this.verify()
  }

  /** An environment that someone else prepared is looked at even where nothing is to be prepared. */
  private async verify(): Promise<void> {
    this.present = { ...absent, state: 'preparing', step: 'check' }
    const signal = this.stopping.signal
    const stamp = await verifyEngine(this.preparation({ signal, progress: () => undefined })).catch(
      () => null,
    )
    this.present = stamp ? ready(stamp) : absent
    if (stamp) for (const listener of this.listeners) listener()
    if (!signal.aborted) await this.tell()
  }

  stop(): void {
    this.stopping.abort()
  }

  /** Puts the preparation in the background; does nothing where it runs or is done. */
  async ask(ctx: Context): Promise<EngineView> {
    if (this.present.state === 'ready' || this.present.state === 'preparing') return this.present
    const { nodes } = this.platform
    await write(ctx, async (tx) => {
      const ownerId = 'userId' in ctx.actor ? ctx.actor.userId : null
      const kind = prepareJob(this.platform)
      await this.platform.jobs.enqueue(tx, { kind, key: kind, payload: {}, ownerId })
      tx.audit('engine.preparation-started', { kind: 'engine', id: nodes.self.id })
    })
    this.set({ ...absent, state: 'preparing', step: 'find-python' })
    await this.tell()
    return this.present
  }

  /** The job itself. */
  async run(job: Pick<JobRun, 'signal' | 'progress'>): Promise<void> {
    this.set({ ...absent, state: 'preparing', step: 'find-python' })
    try {
      const stamp = await prepareEngine(this.preparation(job))
      this.set(ready(stamp))
      for (const listener of this.listeners) listener()
    } catch (error) {
      await this.fail(error)
      throw error
    } finally {
      await this.tell()
    }
  }

  private preparation(job: Pick<JobRun, 'signal' | 'progress'>): Preparation {
    const { config, processes, outbound } = this.platform
    return {
      paths: enginePaths(config),
      config,
      processes,
      transport: outbound.transport,
      signal: job.signal,
      tell: (progress) => {
        job.progress(progress.progress)
        this.note(progress)
      },
    }
  }

  private async fail(error: unknown): Promise<void> {
    if (error instanceof AppError && error.code === 'platform.stopping') {
      this.set(absent)
      return
    }
    const known = error instanceof AppError && error.code.startsWith('training.')
    const lines = error instanceof Error ? error.message : String(error)
    const problem = known
      ? { code: error.code as string, params: { ...error.params } }
      : { code: 'training.install-failed', params: { lines } }
    await appendLog(
      enginePaths(this.platform.config).setup,
      [`${problem.code} ${JSON.stringify(problem.params)}`],
      'E',
    ).catch(() => undefined)
    const state = UNAVAILABLE.test(problem.code) ? 'unavailable' : 'failed'
    this.set({ ...this.present, state, error: problem })
  }

  private set(view: EngineView): void {
    this.present = view
  }

  private note({ step, progress, downloadBytes, python }: EngineProgress): void {
    const changed = step !== this.present.step
    this.set({
      ...this.present,
      step,
      progress,
      downloadBytes: downloadBytes ?? this.present.downloadBytes,
      python: python ?? this.present.python,
    })
    if (changed || Date.now() - this.toldAt > TELL_MS) void this.tell()
  }

  private async tell(): Promise<void> {
    this.toldAt = Date.now()
    const { state, step, progress } = this.present
    const change = { kind: 'engine', id: 'engine', change: 'updated', ownerId: null } as const
    await write(
      systemContext(this.platform, 'training'),
      async (tx) =>
        tx.emit({
          ...change,
          visibility: 'permission',
          permission: 'training.read',
          data: { state, step, progress, node: this.platform.nodes.self.id },
        }),
      { unaudited: 'progress of a preparation, whose start is audited' },
    ).catch((error: unknown) => this.platform.log.warn('progress could not be told', { error }))
  }
}

export const engineOf = perPlatform((platform) => new EngineKeeper(platform))
