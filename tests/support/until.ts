import { setTimeout as sleep } from 'node:timers/promises'

export interface UntilOptions {
  /** Milliseconds after which it gives up; 10 s where absent. */
  timeoutMs?: number
  /** Milliseconds between two looks; 25 where absent. */
  everyMs?: number
  /** What is waited for, for the error. */
  what?: string
}

/** Looks until `condition` gives a truthy value, and returns it. An error thrown by it counts as 'not yet'. */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, everyMs = 25, what = 'the condition' } = options
  const deadline = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value
      last = undefined
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) {
      throw new Error(`${what} did not come about within ${timeoutMs} ms`, { cause: last })
    }
    await sleep(everyMs)
  }
}
