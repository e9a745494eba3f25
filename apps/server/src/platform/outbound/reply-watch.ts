import type { IncomingMessage } from 'node:http'

export interface ReplyLimits {
  /** Without a byte for this long the reply is given up. */
  idleMs: number
  /** More than this is not read. */
  maxBytes: number
}

interface Watched {
  firstByte: number
  lastCount: number
  lastChange: number
}

/** Looks at all open replies together: counting bytes in a listener of each would cost on every token. */
export class ReplyWatch {
  private readonly limits: ReplyLimits
  private readonly open = new Map<IncomingMessage, Watched>()
  private timer: NodeJS.Timeout | null = null

  constructor(limits: ReplyLimits) {
    this.limits = limits
  }

  add(reply: IncomingMessage): void {
    const count = reply.socket.bytesRead
    this.open.set(reply, { firstByte: count, lastCount: count, lastChange: Date.now() })
    reply.once('close', () => this.forget(reply))
    this.timer ??= setInterval(() => this.look(), Math.min(1000, this.limits.idleMs / 4)).unref()
  }

  close(): void {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
    this.open.clear()
  }

  private forget(reply: IncomingMessage): void {
    this.open.delete(reply)
    if (this.open.size === 0) this.close()
  }

  private look(): void {
    const now = Date.now()
    for (const [reply, watched] of this.open) {
      const count = reply.socket?.bytesRead ?? watched.lastCount
      if (count !== watched.lastCount) Object.assign(watched, { lastCount: count, lastChange: now })
      if (now - watched.lastChange > this.limits.idleMs) end(reply, 'ETIMEDOUT', 'the reply came to a halt')
      else if (count - watched.firstByte > this.limits.maxBytes)
        end(reply, 'EMSGSIZE', 'the reply is too large')
    }
  }
}

function end(reply: IncomingMessage, code: string, message: string): void {
  reply.destroy(Object.assign(new Error(message), { code }))
}
