import type { Context } from '../context.ts'

export interface JobNote {
  code: string
  params: Record<string, string | number>
}

/** One attempt at a job, as the work sees it. */
export interface JobRun<Payload = unknown> {
  readonly id: string
  readonly payload: Payload
  /** From 1; higher where a server died at it before. */
  readonly attempt: number
  /** Aborts when it is cancelled, was lost to another server, or the server stops. */
  readonly signal: AbortSignal
  readonly ctx: Context
  /** `fraction` from 0 to 1; written with the next renewal of the lease. */
  progress(fraction: number, note?: JobNote): void
}

export interface JobDefinition {
  kind: string
  /** How many at once on one server. */
  concurrency: number
  run(job: JobRun): Promise<unknown>
}
