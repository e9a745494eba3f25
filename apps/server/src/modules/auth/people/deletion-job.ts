import type { AccessKind } from '@anneal/contract'
import type { Context, Platform } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { JobRun } from '../../../platform/jobs/index.ts'
import { nameKey } from '../../../platform/names/index.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import { sharedRow } from '../access/access.repo.ts'
import { declarationOf } from '../access/declare-resource.ts'
import { tellAccess } from '../access/tell-access.ts'
import { isPersonal } from '../can.ts'
import { grantsOf } from '../grants.repo.ts'
import type { OwnedRow } from './owned.repo.ts'
import { deleteGrantOf, deletionOf, ownedAfter, ownedKinds, setDeletion, setOwner } from './owned.repo.ts'
import type { UserDeletionRow } from './people.tables.ts'
import { removalOf } from './removals.ts'

const kind = 'auth.delete-user'
const atOnce = 100
const unaudited = { unaudited: 'a step of a deletion, whose beginning is audited' }

export async function enqueueDeletion(ctx: Context, tx: WriteTx, userId: string): Promise<void> {
  await ctx.platform.jobs.enqueue(tx, { kind, key: `${kind} ${userId}`, payload: { userId }, ownerId: null })
}

/** Gives one thing to the heir, under another name where they have one of this name. */
async function handOn(
  ctx: Context,
  resource: AccessKind,
  row: OwnedRow,
  deletion: UserDeletionRow,
  rename = false,
): Promise<void> {
  const declaration = declarationOf(resource)
  if (!declaration) return
  const { heir_id: heirId, user_id: userId } = deletion
  const { id } = row
  try {
    await write(
      ctx,
      async (tx) => {
        const present = await sharedRow(tx, declaration, id, true)
        if (!present || present.owner_id !== userId) return
        const name = `${present.name.slice(0, 180)} (${id.slice(-4)})`
        await setOwner(tx, declaration, id, heirId, rename ? { name, nameKey: nameKey(name) } : undefined)
        const grants = await grantsOf(tx, resource, id)
        await tx.run(deleteGrantOf, { kind: resource, id, userId: heirId })
        if (present.deleted_at !== null) return
        const shared = { visibility: present.visibility, grants }
        tellAccess(tx, { kind: resource, id }, { ...shared, ownerId: userId }, { ...shared, ownerId: heirId })
      },
      unaudited,
    )
  } catch (error) {
    if (!(error instanceof UniqueViolation) || rename) throw error
    await handOn(ctx, resource, row, deletion, true)
  }
}

/** Puts one thing away as its own page would; false where that refuses, such as a run that still trains. */
async function putAway(ctx: Context, resource: AccessKind, row: OwnedRow): Promise<boolean> {
  try {
    await removalOf(resource)?.(ctx, row.id)
    return removalOf(resource) !== undefined
  } catch (error) {
    if (error instanceof AppError && error.code.endsWith('not-found')) return true
    if (!(error instanceof AppError)) throw error
    ctx.platform.log.info('what a deleted user owned could not be put away', { kind: resource, error })
    return false
  }
}

class Mover {
  done = 0
  kept = 0
  readonly #job: JobRun
  readonly #deletion: UserDeletionRow

  constructor(job: JobRun, deletion: UserDeletionRow) {
    this.#job = job
    this.#deletion = deletion
  }

  /** After a restart it goes on with what is left: what was moved is found no more. */
  async moveAll(resource: AccessKind): Promise<void> {
    const declaration = declarationOf(resource)
    if (!declaration) return
    const { ctx, signal } = this.#job
    const { user_id: userId, owned } = this.#deletion
    const handsOver = owned === 'hand-over' && !isPersonal(resource)
    let after = ''
    for (;;) {
      const place = { userId, after, limit: atOnce, all: handsOver }
      const rows = await ownedAfter(ctx.platform.db.read, declaration, place)
      for (const row of rows) {
        signal.throwIfAborted()
        await this.#move(resource, row, handsOver)
        if (row.deleted_at === null) this.done += 1
        after = row.id
      }
      if (rows.length > 0) await this.tell('running')
      if (rows.length < atOnce) return
    }
  }

  async #move(resource: AccessKind, row: OwnedRow, handsOver: boolean): Promise<void> {
    const { ctx } = this.#job
    if (handsOver) return handOn(ctx, resource, row, this.#deletion)
    if (await putAway(ctx, resource, row)) return
    if (isPersonal(resource)) return
    await handOn(ctx, resource, row, this.#deletion)
    this.kept += 1
  }

  async tell(state: UserDeletionRow['state']): Promise<void> {
    const { user_id: id, total, done } = this.#deletion
    const now = Math.min(Number(total), Number(done) + this.done)
    this.#job.progress(total > 0 ? now / total : 1)
    await write(
      this.#job.ctx,
      async (tx) => {
        await tx.run(setDeletion, {
          user_id: id,
          state,
          done: state === 'done' ? Number(total) : now,
          kept: this.kept,
        })
        tx.emit({
          kind: 'user',
          id,
          change: 'updated',
          ownerId: null,
          visibility: 'permission',
          permission: 'users.read',
          data: { deletion: state, done: now, total: Number(total) },
        })
      },
      unaudited,
    )
  }
}

async function run(job: JobRun): Promise<void> {
  const { userId } = job.payload as { userId: string }
  const deletion = await job.ctx.platform.db.read.first(deletionOf, { userId })
  if (!deletion || deletion.state === 'done') return
  const mover = new Mover(job, deletion)
  try {
    for (const one of ownedKinds) await mover.moveAll(one)
    await mover.tell('done')
  } catch (error) {
    if (!job.signal.aborted) await mover.tell('failed')
    throw error
  }
}

export function defineDeletion(platform: Platform): void {
  platform.jobs.define({ kind, concurrency: 1, run })
}
