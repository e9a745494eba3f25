import path from 'node:path'
import { type Context, type Platform, systemContext } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import type { ProcessExit, ProcessIdentity, Tail } from '../../platform/processes/index.ts'
import { ProcessLog } from '../../platform/processes/index.ts'
import { endingOf } from './ending.ts'
import { finishRun } from './finish-run.ts'
import type { Account } from './read-event.ts'
import { addEvent, emptyAccount, parseEvent } from './read-event.ts'
import { runFolder } from './run-folder.ts'
import type { Progress, RunProblem, TrainingSettings } from './run-state.ts'
import { activeStates } from './run-state.ts'
import { saveCheckpoints } from './save-checkpoints.ts'
import type { RunRow } from './training.repo.ts'
import { checkpointsOfRun, patchRun, runById } from './training.repo.ts'
import { emitRun, transition } from './transition.ts'

const LOOK_MS = 200
const STORE_MS = 500
/** How long a wrapper may take to write the ending down after its child is gone. */
const GRACE_MS = 3000
const LAST_LINES = 200

function accountOf(row: RunRow): Account {
  const account = emptyAccount()
  account.seq = row.events_seq
  account.progress = JSON.parse(row.progress) as Progress
  account.warnings = JSON.parse(row.warnings) as RunProblem[]
  account.failure = row.error ? (JSON.parse(row.error) as RunProblem) : null
  account.phase = row.state === 'running' || row.state === 'finalizing' ? row.state : 'preparing'
  return account
}

/** Follows one trainer: its events into the run's row, and its end into the run's end. Survives a database that is away. */
export class RunWatch {
  readonly id: string
  private readonly platform: Platform
  private readonly ctx: Context
  private readonly folder: string
  private readonly account: Account
  private readonly settings: TrainingSettings
  private readonly tail: Tail
  private process: ProcessIdentity | null
  private stopSent = false
  private dirty = false
  private storedAt = 0
  private goneSince: number | null = null
  private closed = false
  private timer: NodeJS.Timeout
  private readonly onEnd: () => void

  constructor(platform: Platform, row: RunRow, onEnd: () => void) {
    this.id = row.id
    this.platform = platform
    this.ctx = systemContext(platform, 'training')
    this.folder = runFolder(platform, row.id)
    this.account = accountOf(row)
    this.settings = JSON.parse(row.settings) as TrainingSettings
    this.process = row.process ? (JSON.parse(row.process) as ProcessIdentity) : null
    this.onEnd = onEnd
    const from = { inode: row.events_inode, offset: row.events_offset }
    this.tail = platform.processes.tailFile(
      path.join(this.folder, 'events.jsonl'),
      { from, intervalMs: LOOK_MS },
      (lines) => this.take(lines),
    )
    this.timer = setTimeout(() => void this.look(), LOOK_MS)
  }

  /** Leaves the trainer alone. */
  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.tail.close()
  }

  /** Stops following, with all that was read stored. */
  async leave(): Promise<void> {
    this.close()
    if (this.dirty) await this.store()
  }

  /**
   * One SIGTERM to the trainer itself. The server after this one sends another, not knowing whether this one was sent:
   * the trainer only notes it, and saves once.
   */
  async sendStop(): Promise<void> {
    if (this.stopSent) return
    this.process ??= await this.platform.processes.readIdentity(this.folder)
    if (!this.process) return
    this.stopSent = true
    await this.platform.processes.terminate(this.process)
  }

  private take(lines: string[]): void {
    for (const line of lines) {
      const event = parseEvent(line)
      if (event && addEvent(this.account, event)) this.dirty = true
    }
  }

  private async look(): Promise<void> {
    try {
      if (this.dirty && Date.now() - this.storedAt >= STORE_MS) await this.store()
      const exit = await this.ending()
      if (exit !== undefined && !this.closed) {
        await this.finish(exit)
        return
      }
    } catch (error) {
      this.platform.log.warn('a training run could not be looked after; trying again', {
        error,
        run: this.id,
      })
    }
    if (!this.closed) this.timer = setTimeout(() => void this.look(), LOOK_MS)
  }

  /** undefined while it runs; null where it is gone without a word. */
  private async ending(): Promise<ProcessExit | null | undefined> {
    const { processes } = this.platform
    const exit = await processes.readExit(this.folder)
    if (exit) return exit
    this.process ??= await processes.readIdentity(this.folder)
    if (this.process && (await processes.isAlive(this.process))) {
      this.goneSince = null
      return undefined
    }
    this.goneSince ??= Date.now()
    return Date.now() - this.goneSince > GRACE_MS ? null : undefined
  }

  private patch(): Partial<RunRow> {
    const { inode, offset } = this.tail.position()
    return {
      progress: toJson(this.account.progress),
      warnings: toJson(this.account.warnings),
      error: this.account.failure ? toJson(this.account.failure) : null,
      events_inode: inode,
      events_offset: offset,
      events_seq: this.account.seq,
      updated_at: this.platform.clock.now(),
    }
  }

  private async store(): Promise<void> {
    this.dirty = false
    this.storedAt = Date.now()
    const saved = this.account.saved.splice(0)
    const patch = this.patch()
    try {
      await saveCheckpoints(this.ctx, this.id, saved, async (tx) => {
        const servable = saved.length > 0 ? { servable: 1 } : {}
        const row = await tx.first(runById, { id: this.id })
        if (!row || !(await patchRun(tx, this.id, activeStates, { ...patch, ...servable }))) return
        const next = { ...row, ...patch, ...servable }
        const { phase } = this.account
        const moves =
          (phase === 'running' && row.state === 'preparing') ||
          (phase === 'finalizing' && row.state === 'running')
        if (moves) await transition(this.ctx, tx, next, phase)
        else emitRun(tx, next)
      })
    } catch (error) {
      this.account.saved.unshift(...saved)
      this.dirty = true
      throw error
    }
  }

  private async finish(exit: ProcessExit | null): Promise<void> {
    await this.tail.poll()
    await this.store()
    const row = await this.platform.db.read.first(runById, { id: this.id })
    const checkpoints = await this.platform.db.read.all(checkpointsOfRun, { run_id: this.id })
    const ending = endingOf({
      exit,
      stopAsked: row?.desired === 'stop',
      step: this.account.progress.step,
      steps: this.settings.steps,
      hasResult: checkpoints.some((one) => one.kind === 'result'),
      hasCheckpoint: checkpoints.length > 0,
      failure: this.account.failure,
      lines: await lastLines(this.folder),
    })
    await finishRun(this.ctx, this.id, ending)
    this.close()
    this.onEnd()
  }
}

async function lastLines(folder: string): Promise<string[]> {
  const log = new ProcessLog(folder)
  const { lines } = await log.page({ limit: LAST_LINES }).catch(() => ({ lines: [] }))
  await log.close()
  return lines.map((line) => line.text)
}
