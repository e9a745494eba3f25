import { setImmediate as breathe } from 'node:timers/promises'
import type { Context, Platform } from '../../../platform/context.ts'
import { fromJson } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { JobRun } from '../../../platform/jobs/index.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import { contextForUser } from '../authenticate.ts'
import { createInvitation } from '../create-invitation.ts'
import { changeGroupMembers } from '../groups/change-members.ts'
import { updateUser } from '../update-user.ts'
import { userById } from '../users.repo.ts'
import { importById, setImport } from './import.repo.ts'
import type { Planned } from './import-plan.ts'
import type { UserImportRow } from './people.tables.ts'

const kind = 'auth.import-users'
const unaudited = { unaudited: 'a step of an import, whose people are audited' }
/** How many people between two looks at how far it is. */
const atOnce = 100

export interface ImportResult {
  email: string
  name: string
  /** `invited`, `updated`, or the code of what spoke against it. */
  outcome: string
  link: string
}

export async function enqueueImport(ctx: Context, tx: WriteTx, id: string): Promise<void> {
  await ctx.platform.jobs.enqueue(tx, { kind, key: `${kind} ${id}`, payload: { id }, ownerId: null })
}

async function update(ctx: Context, { userId, role, name, groupIds }: Planned): Promise<void> {
  if (userId === null) return
  const user = await ctx.platform.db.read.first(userById, { id: userId })
  if (!user) throw new AppError('auth.account-not-found')
  const changes = {
    ...(role === null || role === user.role ? {} : { role }),
    ...(name === '' || name === user.name ? {} : { name }),
  }
  if (Object.keys(changes).length > 0) await updateUser(ctx, userId, { version: user.version, ...changes })
  for (const id of groupIds) await changeGroupMembers(ctx, id, { add: [{ userId }], remove: [] })
}

async function perform(ctx: Context, person: Planned): Promise<ImportResult> {
  const { email, name } = person
  try {
    if (person.userId !== null) {
      await update(ctx, person)
      return { email, name, outcome: 'updated', link: '' }
    }
    const { groupIds } = person
    const sendMail = ctx.platform.mail.on
    const made = await createInvitation(ctx, {
      email,
      role: person.role ?? 'member',
      groupIds,
      sendMail,
      ...(name ? { name } : {}),
    })
    return { email, name, outcome: 'invited', link: made.link }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { email, name, outcome: error.code, link: '' }
  }
}

interface Progress {
  state: UserImportRow['state']
  results: readonly ImportResult[]
  total: number
}

async function tell(job: JobRun, row: UserImportRow, { state, results, total }: Progress): Promise<void> {
  const { ctx } = job
  const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length
  const [invited, updated] = [count('invited'), count('updated')]
  const isOver = state !== 'running'
  job.progress(total > 0 ? results.length / total : 1)
  await write(
    ctx,
    async (tx) => {
      await tx.run(setImport, {
        id: row.id,
        state,
        done: results.length,
        invited,
        updated,
        refused: results.length - invited - updated,
        results: results.length > 0 ? ctx.platform.secrets.encrypt(JSON.stringify(results)) : null,
        source: isOver ? '[]' : row.source,
        ended_at: isOver ? ctx.platform.clock.now() : null,
      })
      const data = { state, done: results.length, total }
      tx.emit({
        kind: 'user-import',
        id: row.id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: 'private',
        data,
      })
    },
    unaudited,
  )
}

/** After a restart it goes on behind the last line that was told; who was invited since is told as such. */
async function run(job: JobRun): Promise<void> {
  const { id } = job.payload as { id: string }
  const { platform } = job.ctx
  const row = await platform.db.read.first(importById, { id })
  if (!row || row.state !== 'running') return
  const people = fromJson<Planned[]>(row.source)
  const before = row.results === null ? '[]' : platform.secrets.decrypt(row.results)
  const results = JSON.parse(before) as ImportResult[]
  const total = people.length
  try {
    for (const person of people.slice(results.length)) {
      job.signal.throwIfAborted()
      // With the rights that whoever started it has now: who has lost them meanwhile lets nobody in any more.
      const ctx = await contextForUser(platform, row.owner_id)
      if (!('permissions' in ctx.actor) || !ctx.actor.permissions.has('users.manage'))
        throw new AppError('auth.forbidden')
      results.push(await perform(ctx, person))
      if (results.length % atOnce === 0) await tell(job, row, { state: 'running', results, total })
      await breathe()
    }
    await tell(job, row, { state: 'done', results, total })
  } catch (error) {
    if (!job.signal.aborted) await tell(job, row, { state: 'failed', results, total })
    throw error
  }
}

export function defineImport(platform: Platform): void {
  platform.jobs.define({ kind, concurrency: 1, run })
}
