import type { AccessKind, RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import { decodeCursor, toPage } from '../../../platform/cursor.ts'
import { actorUserId, isPersonal } from '../can.ts'
import { usersByIds } from '../users.repo.ts'
import { insertReading, readingsBelow, sharedRow } from './access.repo.ts'
import { readOthersConversations } from './access.settings.ts'
import { declarationOf } from './declare-resource.ts'
import { loadShared } from './load-shared.ts'

/** How long one opening lasts. */
const lastsMs = 30 * 60 * 1000

export interface Opened {
  kind: AccessKind
  id: string
  name: string
  ownerId: string
  by: string
}
const listeners: ((tx: WriteTx, opened: Opened) => Promise<void>)[] = []

/** Joins the transaction in which someone opens what is another's, so that its owner is told. */
export function onOpenedByOther(listener: (tx: WriteTx, opened: Opened) => Promise<void>): void {
  listeners.push(listener)
}

/**
 * Opens what is personal to another for reading, for a while, where the setting allows it. The owner is told who, when
 * and why.
 * @throws AppError `access.others-closed`, `access.resource-not-found`.
 */
export async function openOthers(
  ctx: Context,
  kind: AccessKind,
  id: string,
  { reason }: RouteHandlerInput<'access.openOthers'>['body'],
): Promise<RouteReply<'access.openOthers'>> {
  const readerId = actorUserId(ctx.actor)
  if (!ctx.platform.settings.get(readOthersConversations)) throw new AppError('access.others-closed')
  const now = ctx.platform.clock.now()
  return write(ctx, async (tx) => {
    const declaration = isPersonal(kind) ? declarationOf(kind) : undefined
    const row = declaration && (await sharedRow(tx, declaration, id))
    if (!row || row.deleted_at !== null || row.owner_id === readerId)
      throw new AppError('access.resource-not-found')
    const until = now + lastsMs
    const resource = { resource_kind: kind, resource_id: id, owner_id: row.owner_id }
    await tx.run(insertReading, {
      ...resource,
      id: newId(),
      reader_id: readerId,
      reason,
      created_at: now,
      expires_at: until,
    })
    tx.audit(`${kind}.opened-by-other`, { kind, id }, { name: row.name, owner: row.owner_id, reason })
    const by = (await usersByIds(tx, [readerId])).get(readerId)?.name ?? readerId
    for (const listener of listeners)
      await listener(tx, { kind, id, name: row.name, ownerId: row.owner_id, by })
    tx.emit({ kind, id, change: 'updated', ownerId: row.owner_id, visibility: 'private' })
    return { until: new Date(until).toISOString() }
  })
}

/**
 * Who opened what is one's own, newest first; nobody else is told.
 * @throws AppError `access.resource-not-found`.
 */
export async function listReadings(
  ctx: Context,
  kind: AccessKind,
  id: string,
  query: RouteHandlerInput<'access.listReadings'>['query'],
): Promise<RouteReply<'access.listReadings'>> {
  const { read } = ctx.platform.db
  const { row } = await loadShared(ctx, read, kind, id, 'manage')
  if (row.owner_id !== actorUserId(ctx.actor)) throw new AppError('access.resource-not-found')
  const below = decodeCursor(query.cursor)
  const rows = await read.all(readingsBelow, { kind, resource: id, id: below.id, limit: query.limit + 1 })
  const people = await usersByIds(
    read,
    rows.map((one) => one.reader_id),
  )
  return toPage(
    rows,
    query.limit,
    (one) => ({ at: Number(one.created_at), id: one.id }),
    (one) => ({
      id: one.id,
      by: people.get(one.reader_id)?.name ?? one.reader_id,
      reason: one.reason,
      at: new Date(Number(one.created_at)).toISOString(),
    }),
  )
}
