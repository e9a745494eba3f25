import type { SocketMessage, SocketRequest } from '@anneal/contract'
import type { WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { Subscription } from '../events/index.ts'
import type { Access, AccessHold } from './access.ts'
import { Outbox } from './outbox.ts'
import { readRequest } from './read-request.ts'
import type { Ticker } from './ticker.ts'

export const closeCodes = {
  ended: 4401,
  noHello: 4408,
  tooSlow: 4429,
  comeBack: 4503,
  badMessage: 4400,
} as const

const helloMs = 5_000
/** A page shows a few dozen things at once at most. */
const watchLimit = 200

export interface ConnectionServices {
  access: Access
  ticker: Ticker
  /** The context of this connection, still without its actor. */
  context: Omit<Context, 'actor'>
  sees(
    ctx: Context,
    row: Parameters<Parameters<Context['platform']['events']['subscribe']>[0]['sees']>[0],
  ): boolean | Promise<boolean>
}

/** One tab: who it is, the changes it hears of, and the topics it watches. */
export class Connection {
  readonly #socket: WebSocket
  readonly #services: ConnectionServices
  readonly #outbox: Outbox
  readonly #helloTimer: NodeJS.Timeout
  readonly #watches = new Map<string, { stop: (() => void) | null; ended: boolean }>()
  #hold: AccessHold | undefined
  #subscription: Subscription | undefined
  #greeted = false
  #closed = false

  constructor(socket: WebSocket, services: ConnectionServices) {
    this.#socket = socket
    this.#services = services
    this.#outbox = new Outbox(socket, () => this.close(closeCodes.tooSlow, 'too slow'))
    this.#helloTimer = setTimeout(() => this.close(closeCodes.noHello, 'no hello'), helloMs)
    socket.on('message', (data, isBinary) => {
      const text = isBinary || !(data instanceof Buffer) ? '' : data.toString('utf8')
      const request = readRequest(text)
      if (request) void this.#take(request)
      else this.close(closeCodes.badMessage, 'not understood')
    })
    socket.on('close', () => this.#release())
    socket.on('error', () => socket.terminate())
  }

  close(code: number, reason: string): void {
    if (this.#closed) return
    this.#release()
    this.#socket.close(code, reason)
    // A reader that does not read does not answer a closing either.
    if (code === closeCodes.tooSlow) this.#socket.terminate()
    else setTimeout(() => this.#socket.terminate(), 2_000).unref()
  }

  #release(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#helloTimer)
    this.#services.ticker.forget(this.#outbox)
    this.#hold?.release()
    this.#subscription?.close()
    for (const watch of this.#watches.values()) {
      watch.ended = true
      watch.stop?.()
    }
    this.#watches.clear()
  }

  /** Somebody else's thing is shared otherwise now; what is watched here may be it, or be a part of it. */
  accessChanged(ownerId: string | null): void {
    const actor = this.#hold?.actor
    if (this.#watches.size === 0 || !actor || ('userId' in actor && actor.userId === ownerId)) return
    this.close(closeCodes.comeBack, 'rights changed')
  }

  #push(message: SocketMessage): void {
    if (this.#closed) return
    this.#outbox.push(message)
    this.#services.ticker.wake(this.#outbox)
  }

  async #take(request: SocketRequest): Promise<void> {
    try {
      if (request.type === 'hello') await this.#hello(request.token, request.after)
      else if (!this.#hold) this.close(closeCodes.badMessage, 'hello comes first')
      else if (request.type === 'token') await this.#hold.renew(`Bearer ${request.token}`)
      else if (request.type === 'watch') await this.#watch(request)
      else this.#unwatch(`${request.topic} ${request.id}`)
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return this.close(closeCodes.ended, error.code)
      this.#services.context.platform.log.error('a socket failed', { error })
      this.close(closeCodes.comeBack, 'come back')
    }
  }

  #context(): Context {
    const actor = this.#hold?.actor ?? { kind: 'nobody' }
    return { ...this.#services.context, actor }
  }

  async #hello(token: string, after: number | undefined): Promise<void> {
    if (this.#greeted) return this.close(closeCodes.badMessage, 'hello comes once')
    this.#greeted = true
    const { access, context, sees } = this.#services
    const hold = await access.hold(`Bearer ${token}`, {
      lost: (code) => this.close(closeCodes.ended, code),
      changed: () => this.close(closeCodes.comeBack, 'rights changed'),
    })
    clearTimeout(this.#helloTimer)
    if (this.#closed) return hold.release()
    this.#hold = hold
    const subscription = await context.platform.events.subscribe(
      { ...(after === undefined ? {} : { after }), sees: (row) => sees(this.#context(), row) },
      (rows) => {
        for (const { number, kind, id, change, data } of rows) {
          this.#push({ type: 'change', number, change: { kind, id, change, ...(data ? { data } : {}) } })
        }
      },
      ({ latest, reset }) =>
        this.#push({ type: 'ready', latest, ...(reset ? { reset: true as const } : {}) }),
    )
    if (this.#closed) return subscription.close()
    this.#subscription = subscription
  }

  async #watch(request: Extract<SocketRequest, { type: 'watch' }>): Promise<void> {
    const { topic, id, after = 0 } = request
    const key = `${topic} ${id}`
    this.#unwatch(key)
    if (this.#watches.size >= watchLimit) return this.close(closeCodes.badMessage, 'too many watches')
    const watch: { stop: (() => void) | null; ended: boolean } = { stop: null, ended: false }
    this.#watches.set(key, watch)
    try {
      const { events } = this.#services.context.platform
      const stop = await events.topics.open(topic, this.#context(), id, after, (message) => {
        if (!watch.ended) this.#push(message)
      })
      if (watch.ended) stop()
      else watch.stop = stop
    } catch (error) {
      if (this.#watches.get(key) === watch) this.#watches.delete(key)
      if (!(error instanceof AppError)) throw error
      if (!watch.ended) this.#push({ type: 'refused', topic, id, code: error.code })
    }
  }

  #unwatch(key: string): void {
    const watch = this.#watches.get(key)
    if (!watch) return
    watch.ended = true
    watch.stop?.()
    this.#watches.delete(key)
  }
}
