import type { Context } from '../context.ts'
import { eventsReply } from '../http/replies.ts'
import type { EventsReply } from '../http/replies.ts'
import type { Authority } from '../http/module.ts'
import type { HandlerIo } from '../http/handlers.ts'
import type { Access } from './access.ts'

function lastEventId(io: HandlerIo): number | undefined {
  const given = io.headers['last-event-id'] ?? io.query.get('after')
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : undefined
}

/** The changes of the socket as server-sent events: `id` is the change's number, `ready` comes first. */
export function eventsOverHttp(
  ctx: Context,
  io: HandlerIo,
  access: Access,
  authority: Authority,
): EventsReply {
  const after = lastEventId(io)
  return eventsReply(async (send, signal) => {
    const ended = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => ended.resolve(), { once: true })
    if (signal.aborted) return
    const hold = await access.hold(io.headers.authorization ?? '', {
      lost: () => ended.resolve(),
      changed: () => ended.resolve(),
    })
    const { events } = ctx.platform
    try {
      const subscription = await events.subscribe(
        {
          ...(after === undefined ? {} : { after }),
          sees: (row) => authority.sees(ctx.platform, hold.actor, row),
        },
        (rows) => {
          for (const { number, kind, id, change, data } of rows) {
            send({ id: number, event: 'change', data: { kind, id, change, ...(data ? { data } : {}) } })
          }
        },
        ({ latest, reset }) => send({ event: 'ready', data: { latest, ...(reset ? { reset } : {}) } }),
      )
      await ended.promise
      subscription.close()
    } finally {
      hold.release()
    }
  })
}
