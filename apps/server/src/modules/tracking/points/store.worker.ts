import { parentPort, workerData } from 'node:worker_threads'
import { openInThread } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { readMethods, writeMethods } from './store-methods.ts'
import type { ThreadData, ThreadReply, ThreadRequest } from './thread.ts'

type Method = (...args: readonly unknown[]) => Promise<unknown>

function replyOf(id: number, error: unknown): ThreadReply {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof AppError) return { id, code: error.code, params: error.params, message }
  /* A file that cannot be written now, for whatever reason: what was sent may be sent again. */
  const driver = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_')
  return { id, message, ...(driver ? { code: 'platform.busy', params: {} } : {}) }
}

const { url, role } = workerData as ThreadData
const db = await openInThread(url)
const methods = (role === 'write' ? writeMethods(db) : readMethods(db)) as unknown as Record<string, Method>

parentPort?.on('message', ({ id, method, args }: ThreadRequest) => {
  const run = method === 'close' ? () => db.close() : methods[method]
  const work = run ? run(...args) : Promise.reject(new TypeError(`There is no ${method}.`))
  work.then(
    (result) => {
      const handed = result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : []
      parentPort?.postMessage({ id, result } satisfies ThreadReply, handed)
    },
    (error: unknown) => parentPort?.postMessage(replyOf(id, error)),
  )
})
