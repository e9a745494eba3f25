import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { ErrorCode, TextParams } from '@anneal/contract'
import { AppError } from '../../../platform/errors.ts'
import type { Log } from '../../../platform/log/index.ts'
import { threadPath } from '../../../platform/threads.ts'

export interface ThreadData {
  role: 'write' | 'read'
  url: string
}

export interface ThreadRequest {
  id: number
  method: string
  args: readonly unknown[]
}

export type ThreadReply =
  | { id: number; result: unknown }
  | { id: number; message: string; code?: ErrorCode; params?: TextParams }

/** A server that stops waits no longer for a file that somebody else has locked. */
const closeMs = 3000

interface Waiting {
  settled: Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

function errorOf({ message, code, params }: Exclude<ThreadReply, { result: unknown }>): Error {
  const error = new Error(message)
  return code ? new AppError(code, params, { cause: error }) : error
}

/** A thread that answers one question after another; one that died is started again by the next question. */
export class StoreThread<T extends { [K in keyof T]: (...args: never) => unknown }> {
  private readonly data: ThreadData
  private readonly log: Log
  private readonly waiting = new Map<number, Waiting>()
  private worker: Worker | null = null
  private last = 0

  constructor(data: ThreadData, log: Log) {
    this.data = data
    this.log = log
  }

  /** What `transfer` names is handed over, and is empty here from then on. */
  ask<K extends keyof T & string>(
    method: K,
    args: Parameters<T[K]>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Awaited<ReturnType<T[K]>>> {
    return this.send(method, args, transfer)
  }

  /** What was asked is answered first, for a while; then the file is closed, and the thread ends. */
  async close(): Promise<void> {
    const { worker } = this
    if (!worker) return
    const late = pause(closeMs, 'late', { ref: false })
    if ((await Promise.race([this.settled(), late])) !== 'late') await this.send<void>('close', [])
    await worker.terminate()
    this.ended(worker, null)
  }

  private send<R>(
    method: string,
    args: readonly unknown[],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<R> {
    const id = ++this.last
    const { promise, resolve, reject } = Promise.withResolvers<R>()
    this.waiting.set(id, { settled: promise, resolve: resolve as Waiting['resolve'], reject })
    const worker = (this.worker ??= this.start())
    worker.ref()
    worker.postMessage({ id, method, args } satisfies ThreadRequest, [...transfer])
    return promise
  }

  private async settled(): Promise<void> {
    while (this.waiting.size > 0) {
      await Promise.allSettled([...this.waiting.values()].map(({ settled }) => settled))
    }
  }

  private start(): Worker {
    const worker = new Worker(threadPath('modules/tracking/points/store.worker'), {
      name: `points-${this.data.role}`,
      workerData: this.data,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 },
    })
    worker.on('message', (reply: ThreadReply) => {
      const waiting = this.waiting.get(reply.id)
      this.waiting.delete(reply.id)
      if (this.waiting.size === 0) worker.unref()
      if ('result' in reply) waiting?.resolve(reply.result)
      else waiting?.reject(errorOf(reply))
    })
    worker.on('error', (error) => this.ended(worker, error))
    worker.on('exit', () => this.ended(worker, null))
    return worker
  }

  /** What waits is refused as when the database is away: whoever sent it sends it again. */
  private ended(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return
    this.worker = null
    if (cause) this.log.error('a thread of the points ended', { error: cause, role: this.data.role })
    for (const { reject } of this.waiting.values()) reject(new AppError('platform.busy', {}, { cause }))
    this.waiting.clear()
  }
}
