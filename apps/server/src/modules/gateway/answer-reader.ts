import type { ErrorCode } from '@anneal/contract'
import { AppError } from '../../platform/errors.ts'
import type { LiveGeneration, Reader } from '../generations/index.ts'

/** After this long a stream is opened although nothing has come yet, so that nothing on the way gives it up. */
const patienceMs = 5000

/** Follows one answer for one caller, and lets go of it when the caller hangs up. */
export class AnswerReader {
  readonly live: LiveGeneration
  /** Resolves at the first piece, at the end, when the caller has gone, or when it takes long. */
  readonly begun: Promise<void>
  /** Resolves at the end, or when the caller has gone. */
  readonly ended: Promise<void>
  isDone = false
  private hasBegun = false
  private wake: () => void = () => {}

  constructor(live: LiveGeneration, signal: AbortSignal) {
    this.live = live
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    this.begun = begun.promise
    this.ended = ended.promise
    const patience = setTimeout(begun.resolve, patienceMs)
    const reader: Reader = (events, done) => {
      this.isDone ||= done
      this.hasBegun ||= events.some(
        ({ event }) => event.type.endsWith('-delta') || event.type.endsWith('-start'),
      )
      if (this.isDone) ended.resolve()
      if (this.hasBegun || this.isDone) {
        clearTimeout(patience)
        begun.resolve()
      }
      this.wake()
    }
    live.readers.add(reader)
    signal.addEventListener('abort', () => {
      live.leave(reader)
      clearTimeout(patience)
      begun.resolve()
      ended.resolve()
    })
  }

  /** Called for everything that comes from now on. */
  onMore(wake: () => void): void {
    this.wake = wake
  }

  /** It did not come to its end; a provider may say so in place of a reason. */
  get failed(): boolean {
    return this.live.state !== 'finished' || this.live.finishReason === 'error'
  }

  /** Nothing of an answer had come when it failed: the reply can still say so by its status. */
  get failedEarly(): boolean {
    return this.isDone && !this.hasBegun && this.failed
  }

  /** What the caller is told of an answer that did not come to its end. */
  failure(): AppError {
    const { error, state } = this.live
    if (!error) return new AppError(state === 'finished' ? 'provider.cut-off' : 'generations.interrupted')
    const waitMs = error.params['retryAfterMs']
    const retryAfter = typeof waitMs === 'number' ? Math.ceil(waitMs / 1000) : undefined
    return new AppError(error.code as ErrorCode, error.params, retryAfter === undefined ? {} : { retryAfter })
  }
}
