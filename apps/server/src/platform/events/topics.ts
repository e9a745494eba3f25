import type { Permission, SocketMessage, SocketTopic } from '@anneal/contract'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'

/** Checks that the actor may watch, pushes what comes after number `after`, and returns a function that ends it. */
export interface TopicHandler {
  /** What the actor's role must hold, as for the route that shows the same; none where the handler decides alone. */
  permission?: Permission
  open(
    ctx: Context,
    id: string,
    after: number,
    push: (message: SocketMessage) => void,
  ): Promise<(() => void) | null>
}

function holds({ actor }: Context, permission: Permission | undefined): boolean {
  if (permission === undefined || actor.kind === 'system') return true
  return actor.kind !== 'nobody' && actor.permissions.has(permission)
}

/** What the socket can follow beside changes. Several modules may serve one topic: each knows its own ids. */
export class Topics {
  private readonly handlers = new Map<SocketTopic, TopicHandler[]>()

  register(topic: SocketTopic, handler: TopicHandler): void {
    this.handlers.set(topic, [...(this.handlers.get(topic) ?? []), handler])
  }

  /** @throws AppError of the first handler that knows the id, or `platform.not-found`. */
  async open(
    topic: SocketTopic,
    ctx: Context,
    id: string,
    after: number,
    push: (message: SocketMessage) => void,
  ): Promise<() => void> {
    let refusal: unknown = new AppError('platform.not-found')
    for (const handler of this.handlers.get(topic) ?? []) {
      if (!holds(ctx, handler.permission)) {
        refusal = new AppError('auth.forbidden')
        continue
      }
      try {
        const stop = await handler.open(ctx, id, after, push)
        if (stop) return stop
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        refusal = error
      }
    }
    throw refusal
  }
}
