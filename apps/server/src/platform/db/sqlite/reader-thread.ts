import { Worker } from 'node:worker_threads'
import { threadPath } from '../../threads.ts'
import type { Bound } from '../bind.ts'
import { translate } from '../errors.ts'
import { compileNow } from '../query.ts'
import type { Reader } from '../types.ts'
import type { ReadReply, ReadRequest } from './reader.worker.ts'

interface Waiting {
  resolve(rows: unknown[]): void
  reject(error: unknown): void
}

/** Reads that take long, in threads with connections of their own: one long search does not hold up a short report. */
export class ReaderThreads implements Reader {
  readonly dialect = 'sqlite'
  private readonly threads: readonly ReaderThread[]

  constructor(file: string, threads = 2) {
    this.threads = Array.from({ length: threads }, () => new ReaderThread(file))
  }

  all: Reader['all'] = (query, params) => this.idlest().all(query, params)
  first: Reader['first'] = (query, params) => this.idlest().first(query, params)
  dynamic: Reader['dynamic'] = (build) => this.idlest().dynamic(build)

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()))
  }

  private idlest(): ReaderThread {
    return this.threads.reduce((best, thread) => (thread.busy < best.busy ? thread : best))
  }
}

/** One thread; it is started by the first question. */
class ReaderThread implements Reader {
  readonly dialect = 'sqlite'
  private readonly file: string
  private readonly waiting = new Map<number, Waiting>()
  private worker: Worker | null = null
  private last = 0

  constructor(file: string) {
    this.file = file
  }

  all: Reader['all'] = (query, params) => {
    const compiled = query.compiled('sqlite')
    return this.ask(compiled.sql, compiled.bind(params))
  }

  first: Reader['first'] = async (query, params) => (await this.all(query, params))[0]

  dynamic: Reader['dynamic'] = (build) => {
    const { statement, values } = compileNow('sqlite', build)
    return this.ask(statement.sql, values)
  }

  /** Questions that are not answered yet. */
  get busy(): number {
    return this.waiting.size
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private ask<R>(sql: string, values: Bound[]): Promise<R[]> {
    return new Promise<R[]>((resolve, reject) => {
      const id = ++this.last
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
      const worker = (this.worker ??= this.start())
      worker.ref()
      worker.postMessage({ id, sql, values } satisfies ReadRequest)
    })
  }

  private start(): Worker {
    const worker = new Worker(threadPath('platform/db/sqlite/reader.worker'), {
      name: 'reader',
      workerData: { file: this.file },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
    })
    worker.on('message', (reply: ReadReply) => {
      const waiting = this.waiting.get(reply.id)
      this.waiting.delete(reply.id)
      /* An idle thread keeps no process alive. */
      if (this.waiting.size === 0) worker.unref()
      if ('rows' in reply) waiting?.resolve(reply.rows)
      else waiting?.reject(translate('sqlite', reply))
    })
    worker.on('error', (error) => this.ended(worker, error))
    worker.on('exit', () => this.ended(worker, new TypeError('the reader thread ended')))
    return worker
  }

  private ended(worker: Worker, error: unknown): void {
    if (this.worker !== worker) return
    this.worker = null
    const waiting = [...this.waiting.values()]
    this.waiting.clear()
    for (const { reject } of waiting) reject(error)
  }
}
