import { ProviderError, type PullProgress, pullModel } from '@anneal/providers'
import { type Platform, systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { providerConnection } from './callable-model.ts'
import { connectionById } from './connections.repo.ts'
import type { ConnectionRow, PullRow } from './models.tables.ts'
import { type Problem, plainParams, problemOf } from './problem.ts'
import { emitPull, pullJobKind } from './pulls.ts'
import { endPull, notePull, pullById } from './pulls.repo.ts'

/** Ollama tells of every block; a page need not hear more often. */
const noteEveryMs = 500
const phaseLimit = 200

interface Pulling {
  platform: Platform
  connection: ConnectionRow
  row: PullRow
}

/** Pulls as jobs: they outlive the page that asked, and a server that dies goes on with them. */
export function definePullJob(platform: Platform): void {
  platform.jobs.define({
    kind: pullJobKind,
    concurrency: 2,
    run: ({ payload, signal }) => runPull(platform, (payload as { pullId: string }).pullId, signal),
  })
}

async function runPull(platform: Platform, pullId: string, signal: AbortSignal): Promise<void> {
  const { read } = platform.db
  const row = await read.first(pullById, { id: pullId })
  if (!row || row.ended_at !== null) return
  const connection = await read.first(connectionById, { id: row.connection_id })
  if (!connection || connection.deleted_at !== null) {
    const gone = { platform, row, connection: null }
    return end(gone, 'failed', { code: 'models.connection-not-found', params: {} })
  }
  const pulling: Pulling = { platform, connection, row }
  const notes = new ProgressNotes(pulling)
  try {
    await pullModel(providerConnection(systemContext(platform, pullJobKind), connection), row.name, {
      transport: platform.outbound.transport,
      signal,
      onProgress: (progress) => notes.take(progress),
    })
    await notes.settled()
    await end(pulling, 'done', null)
  } catch (error) {
    await notes.settled()
    if (signal.aborted) {
      // Cancelled by a person it has ended already; lost or stopping, another attempt goes on with it.
      throw error
    }
    await end(pulling, 'failed', problemFrom(error))
    if (!(error instanceof ProviderError)) throw error
  }
}

function problemFrom(error: unknown): Problem {
  if (error instanceof ProviderError) return problemOf(error)
  if (error instanceof AppError) return { code: error.code, params: plainParams(error.params) }
  return { code: 'platform.internal', params: {} }
}

/** Writes down how far a pull is: at once for a new phase, else twice a second. */
class ProgressNotes {
  readonly #pulling: Pulling
  #latest: PullProgress | null = null
  #notedAt = 0
  #notedPhase = ''
  #writing: Promise<void> | null = null

  constructor(pulling: Pulling) {
    this.#pulling = pulling
  }

  take(progress: PullProgress): void {
    this.#latest = progress
    const due =
      progress.phase !== this.#notedPhase || this.#pulling.platform.clock.now() - this.#notedAt >= noteEveryMs
    if (due && this.#writing === null) this.#writing = this.#write()
  }

  async settled(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    const { platform, connection, row } = this.#pulling
    const progress = this.#latest
    if (!progress) return
    this.#notedAt = platform.clock.now()
    this.#notedPhase = progress.phase
    const next: PullRow = {
      ...row,
      state: 'running',
      phase: progress.phase.slice(0, phaseLimit),
      completed_bytes: progress.completedBytes ?? null,
      total_bytes: progress.totalBytes ?? null,
    }
    try {
      await write(
        systemContext(platform, pullJobKind),
        async (tx) => {
          await tx.run(notePull, next)
          emitPull(tx, connection, next)
        },
        { unaudited: 'how far a pull is; its start was audited' },
      )
    } catch (error) {
      platform.log.warn('how far a pull is could not be stored', { error, pull: row.id })
    } finally {
      this.#writing = null
    }
  }
}

async function end(
  { platform, connection, row }: Omit<Pulling, 'connection'> & { connection: ConnectionRow | null },
  state: 'done' | 'failed',
  error: Problem | null,
): Promise<void> {
  const ended_at = platform.clock.now()
  await write(
    systemContext(platform, pullJobKind),
    async (tx) => {
      await tx.run(endPull, { id: row.id, state, error: error && JSON.stringify(error), ended_at })
      if (connection) emitPull(tx, connection, { ...row, state, ended_at })
    },
    { unaudited: 'the end of a pull; its start was audited' },
  )
}
