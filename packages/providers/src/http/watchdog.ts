/** What the watchdog looks at: how many pieces have come, and when the last one did (`performance.now`). */
export interface Progress {
  pieces: number
  lastPieceAt: number
}

/** No single wait is longer, so that a limit of any size stays within what a timer can hold. */
const LONGEST_WAIT_MS = 60_000

/**
 * Calls `onTimeout` once if the first piece or the next one takes too long. One timer for the whole answer, set anew
 * only when it runs out, so that a piece costs nothing. Answers a function that stops it.
 */
export const watch = (
  progress: Progress,
  limits: { firstTokenTimeoutMs: number; idleTimeoutMs: number },
  onTimeout: (kind: 'first-token' | 'stalled') => void,
): (() => void) => {
  const startedAt = performance.now()
  let timer: NodeJS.Timeout
  const check = (): void => {
    const first = progress.pieces === 0
    const limit = first ? limits.firstTokenTimeoutMs : limits.idleTimeoutMs
    const rest = limit - (performance.now() - (first ? startedAt : progress.lastPieceAt))
    if (rest <= 0) onTimeout(first ? 'first-token' : 'stalled')
    else timer = setTimeout(check, Math.ceil(Math.min(rest, limits.idleTimeoutMs, LONGEST_WAIT_MS)))
  }
  check()
  return () => clearTimeout(timer)
}
