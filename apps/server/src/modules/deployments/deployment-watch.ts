import { type Context, type Platform, systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { ProcessExit, ProcessIdentity } from '../../platform/processes/index.ts'
import type { DeploymentProblem } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { deploymentById } from './deployments.repo.ts'
import { isHealthy } from './health.ts'
import {
  recordCrash,
  recordFailure,
  recordProcess,
  recordServing,
  recordStarting,
  recordStopped,
} from './record.ts'
import { startServing, whyEnded } from './serve-process.ts'
import { deploymentFolder } from './store.ts'

const LOOK_MS = 500
/** A model of a hub may have to be fetched first. */
const START_LIMIT_MS = 30 * 60_000
/** A model that thinks may be slow to answer; one that has said nothing for this long hangs. */
const SILENT_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 10_000
const EXIT_GRACE_MS = 2000
const ADOPT_TRIES = 5

/** Looks after one deployment of this server. The row says what is and what is wanted; each look moves it one step on. */
export class DeploymentWatch {
  private readonly id: string
  private readonly platform: Platform
  private readonly ctx: Context
  private readonly onRest: () => void
  private process: ProcessIdentity | null = null
  private port: number | null = null
  private since = Date.now()
  private stopSentAt: number | null = null
  private timer: NodeJS.Timeout | null = null
  private looking: Promise<void> = Promise.resolve()
  private closed = false

  constructor(platform: Platform, id: string, onRest: () => void) {
    this.platform = platform
    this.ctx = systemContext(platform, 'deployments')
    this.id = id
    this.onRest = onRest
  }

  /** Looks now, and from then on by itself. */
  wake(): void {
    if (this.timer) clearTimeout(this.timer)
    this.looking = this.looking.then(() => this.look())
  }

  /** Leaves the process alone. */
  async close(): Promise<void> {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
    await this.looking
  }

  /** Takes over a process of a server before if it is that very one and answers; else it is ended and started once. */
  async adopt(row: DeploymentRow): Promise<void> {
    const { processes } = this.platform
    if (row.state === 'merging') return this.wake() // its job goes on by itself
    const stored = row.process ? (JSON.parse(row.process) as ProcessIdentity) : null
    const identity = stored ?? (await processes.readIdentity(deploymentFolder(this.platform, this.id)))
    const alive = identity !== null && (await processes.isAlive(identity))
    if (alive && row.port !== null && (row.state === 'starting' || (await this.answers(row.port)))) {
      this.take(identity, row.port)
    } else if (row.state !== 'stopping') {
      if (alive) await processes.kill(identity)
      if (row.state === 'serving') await recordStarting(this.ctx, row)
    }
    this.wake()
  }

  private async answers(port: number): Promise<boolean> {
    for (let tries = 0; tries < ADOPT_TRIES; tries += 1) if (await isHealthy(port)) return true
    return false
  }

  private take(identity: ProcessIdentity, port: number): void {
    this.process = identity
    this.port = port
    this.since = Date.now()
    this.platform.outbound.allowLoopbackPort(port)
  }

  private drop(): void {
    if (this.port !== null) this.platform.outbound.forgetLoopbackPort(this.port)
    this.process = this.port = this.stopSentAt = null
  }

  private async look(): Promise<void> {
    if (this.closed) return
    let rests = false
    try {
      const row = await this.platform.db.read.first(deploymentById, { id: this.id })
      rests = row === undefined || (await this.step(row))
    } catch (error) {
      this.platform.log.warn('a deployment could not be looked after; trying again', {
        error,
        deployment: this.id,
      })
    }
    if (rests) {
      this.drop()
      this.closed = true
      this.onRest()
    } else if (!this.closed) this.timer = setTimeout(() => this.wake(), LOOK_MS)
  }

  /** True once there is nothing more to look after. */
  private async step(row: DeploymentRow): Promise<boolean> {
    if (row.state === 'stopping') return this.stopping(row)
    if (row.state === 'starting') return this.starting(row)
    if (row.state === 'serving') return this.serving(row)
    if (row.state === 'restarting') {
      this.drop()
      const due = row.next_restart_at === null || row.next_restart_at <= this.platform.clock.now()
      if (due && (await recordStarting(this.ctx, row))) this.wake()
      return false
    }
    return row.state !== 'merging'
  }

  private async starting(row: DeploymentRow): Promise<boolean> {
    if (!this.process) return this.launch(row)
    if (!(await this.platform.processes.isAlive(this.process))) return this.ended(row)
    if (row.port !== null && (await isHealthy(row.port))) {
      if (await recordServing(this.ctx, row)) this.since = Date.now()
      return false
    }
    if (Date.now() - this.since < START_LIMIT_MS) return false
    await this.platform.processes.kill(this.process)
    const minutes = START_LIMIT_MS / 60_000
    return (
      (await recordFailure(this.ctx, row, { code: 'deployments.start-timeout', params: { minutes } })) !==
      null
    )
  }

  private async launch(row: DeploymentRow): Promise<boolean> {
    try {
      const { identity, port } = await startServing(this.platform, row)
      this.take(identity, port)
      await recordProcess(this.ctx, row, identity, port)
      return false
    } catch (error) {
      this.platform.log.warn('a deployment could not be started', { error, deployment: this.id })
      // One whose process could not be stored would run on unseen, and be started a second time.
      if (this.process) await this.platform.processes.kill(this.process)
      this.drop()
      return (await recordFailure(this.ctx, row, problemOf(error))) !== null
    }
  }

  private async serving(row: DeploymentRow): Promise<boolean> {
    if (!this.process || !(await this.platform.processes.isAlive(this.process))) return this.ended(row)
    if (row.port !== null && (await isHealthy(row.port))) this.since = Date.now()
    // The next look finds it gone, and starts it again.
    else if (Date.now() - this.since > SILENT_LIMIT_MS) await this.platform.processes.kill(this.process)
    return false
  }

  private async ended(row: DeploymentRow): Promise<boolean> {
    const problem = await whyEnded(this.platform, this.id, await this.exit())
    const next = await recordCrash(this.ctx, row, problem)
    this.drop()
    return next?.state === 'failed'
  }

  /** The wrapper writes the ending down a moment after its child is gone. */
  private async exit(): Promise<ProcessExit | null> {
    const limit = Date.now() + EXIT_GRACE_MS
    for (;;) {
      const exit = await this.platform.processes.readExit(deploymentFolder(this.platform, this.id))
      if (exit || Date.now() > limit) return exit
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  private async stopping(row: DeploymentRow): Promise<boolean> {
    const { processes } = this.platform
    const stored = row.process ? (JSON.parse(row.process) as ProcessIdentity) : null
    const identity =
      this.process ?? stored ?? (await processes.readIdentity(deploymentFolder(this.platform, this.id)))
    if (identity && (await processes.isAlive(identity))) {
      if (this.stopSentAt === null) {
        this.stopSentAt = Date.now()
        await processes.terminate(identity)
      } else if (Date.now() - this.stopSentAt > STOP_LIMIT_MS) await processes.kill(identity)
      return false
    }
    return (await recordStopped(this.ctx, row)) !== null
  }
}

function problemOf(error: unknown): DeploymentProblem {
  if (error instanceof AppError && error.code !== 'platform.internal') {
    return { code: error.code, params: { ...error.params } }
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const message = cause instanceof Error ? cause.message : String(cause)
  return { code: 'deployments.crashed', params: { reason: 'start', message } }
}
