import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { yieldToRequests } from '../../threads.ts'
import type { Bound } from '../bind.ts'
import { isBusy } from '../errors.ts'

export interface ReadRequest {
  id: number
  sql: string
  values: Bound[]
}

export type ReadReply = { id: number; rows: unknown[] } | { id: number; code: string; message: string }

yieldToRequests()
const { file } = workerData as { file: string }
/* A thread of its own may wait for the file. */
const database = new Database(file, { readonly: true, timeout: 10_000 })
database.pragma('mmap_size = 268435456')

function answer({ id, sql, values }: ReadRequest): ReadReply {
  try {
    return { id, rows: database.prepare(sql).all(...values) }
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    return { id, code: isBusy(error) ? 'SQLITE_BUSY' : code, message }
  }
}

parentPort?.on('message', (request: ReadRequest) => parentPort?.postMessage(answer(request)))
