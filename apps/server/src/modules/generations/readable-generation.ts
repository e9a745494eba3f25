import type { AccessKind, Visibility } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { can, hasSharedAccess } from '../auth/index.ts'
import { type GenerationRow, generationById } from './generations.repo.ts'

type Subject = { kind: AccessKind; id: string } | null | ''
type SubjectOf = (reader: Reader, row: GenerationRow) => Promise<Subject>

const subjects = new Map<string, SubjectOf>()

/** A module whose answers belong to something that can be shared says to what. */
export function onGenerationRead(via: string, subjectOf: SubjectOf): void {
  subjects.set(via, subjectOf)
}

/** The row of an answer that the actor may do `action` with, as with what it belongs to; 404 for anyone else. */
export async function readableGeneration(
  ctx: Context,
  id: string,
  action: 'read' | 'edit' = 'read',
): Promise<GenerationRow> {
  const { read } = ctx.platform.db
  const row = await read.first(generationById, { id })
  if (!row) throw new AppError('generations.not-found')
  // Whoever asked for it may always see and stop it, whatever their role allows now.
  if ('userId' in ctx.actor && ctx.actor.userId === row.owner_id) return row
  const own = { ownerId: row.owner_id, visibility: row.visibility as Visibility }
  if (can(ctx.actor, action, { kind: 'conversation', ...own })) return row
  const subject = await subjects.get(row.via)?.(read, row)
  if (!subject || !(await hasSharedAccess(ctx, read, subject, action)))
    throw new AppError('generations.not-found')
  return row
}
