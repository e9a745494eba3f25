import { existsSync } from 'node:fs'
import { setPriority } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'

export interface ThreadOptions<Message> {
  data: unknown
  /** Told of whatever the thread posts before its result. */
  onMessage?(message: Message): void
  /** Ends the thread at once; the promise rejects with the signal's reason. */
  signal?: AbortSignal
  /** Megabytes of its heap; past it the thread ends, the server does not. */
  memory?: number
}

/** What a thread posts last. */
export interface ThreadResult<Result> {
  result: Result
}

function isResult(message: unknown): message is ThreadResult<unknown> {
  return typeof message === 'object' && message !== null && 'result' in message
}

/**
 * Where the entry of a thread lies: `name` is its path below the server's folder without an ending, such as
 * `modules/datasets/check.worker`. A source runs from its own file, a build from the entry of that name.
 */
export function threadPath(name: string): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    for (const file of [path.join(folder, `${name}.js`), path.join(folder, `${name}.ts`)]) {
      if (existsSync(file)) return file
    }
    if (path.dirname(folder) === folder) throw new TypeError(`There is no thread ${name}.`)
  }
}

/** Runs a thread to its end and gives what it posts as `{ result }`. Rejects with what it throws. */
export function runThread<Result, Message = never>(
  name: string,
  options: ThreadOptions<Message>,
): Promise<Result> {
  const { data, onMessage, signal, memory = 128 } = options
  return new Promise<Result>((resolve, reject) => {
    signal?.throwIfAborted()
    const worker = new Worker(threadPath(name), {
      name,
      workerData: data,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 4 },
    })
    const abort = () => {
      void worker.terminate()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: unknown) => {
      if (isResult(message)) resolve(message.result as Result)
      else onMessage?.(message as Message)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', abort)
      reject(new Error(`the thread ${name} ended with ${code} and without a result`))
    })
  })
}

/** Called within a thread: its work waits for requests where both want a core. Linux alone has priorities by thread. */
export function yieldToRequests(): void {
  if (process.platform === 'linux') setPriority(10)
}
