import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { deleteTotp, insertPasskey, insertTotp, passkeysOf, recoveryCodesOf } from './factors.repo.ts'
import type { PasskeyRow, TicketRow } from './factors.tables.ts'
import type { NewPasskey } from './passkeys.ts'
import type { CodeSet } from './recovery-codes.ts'
import { storeCodeSet } from './recovery-codes.ts'
import { totpStep } from './totp.ts'

export const mostPasskeys = 20

/** Other pages of the same person hear of it. */
export function emitFactors(tx: WriteTx, userId: string): void {
  tx.emit({ kind: 'factor', id: userId, change: 'updated', ownerId: userId, visibility: 'private' })
}

/**
 * The step of a code of the authenticator that this ticket sets up.
 * @throws AppError `auth.wrong-code`.
 */
export function firstStep(ctx: Context, ticket: TicketRow, code: string): number {
  const { platform } = ctx
  if (ticket.secret === null) throw new AppError('auth.wrong-code')
  const step = totpStep(platform.secrets.decrypt(ticket.secret), code, platform.clock.now())
  if (step === null) throw new AppError('auth.wrong-code')
  return step
}

/** Makes the ticket's secret the person's authenticator, in the place of an earlier one, within the caller's transaction. */
export async function addTotpIn(
  ctx: Context,
  tx: WriteTx,
  ticket: TicketRow,
  given: { userId: string; step: number },
): Promise<void> {
  const now = ctx.platform.clock.now()
  const { userId, step } = given
  await tx.run(deleteTotp, { userId })
  await tx.run(insertTotp, {
    user_id: userId,
    secret: ticket.secret ?? '',
    last_step: step,
    created_at: now,
    last_used_at: now,
  })
  tx.audit('factor.totp-added', { kind: 'user', id: userId })
  emitFactors(tx, userId)
}

/**
 * Adds a passkey within the caller's transaction.
 * @throws AppError `auth.too-many-passkeys`.
 */
export async function addPasskeyIn(
  ctx: Context,
  tx: WriteTx,
  userId: string,
  made: NewPasskey & { name: string },
): Promise<PasskeyRow> {
  if ((await tx.all(passkeysOf, { userId })).length >= mostPasskeys)
    throw new AppError('auth.too-many-passkeys', { most: mostPasskeys })
  const row: PasskeyRow = {
    id: newId(),
    user_id: userId,
    ...made,
    created_at: ctx.platform.clock.now(),
    last_used_at: null,
  }
  await tx.run(insertPasskey, row)
  tx.audit('factor.passkey-added', { kind: 'user', id: userId }, { passkey: row.name })
  emitFactors(tx, userId)
  return row
}

/** Stores recovery codes for whoever has none yet; gives those that are to be shown. */
export async function firstCodesIn(
  ctx: Context,
  tx: WriteTx,
  userId: string,
  set: CodeSet,
): Promise<string[]> {
  if ((await tx.all(recoveryCodesOf, { userId })).length > 0) return []
  await storeCodeSet(ctx, tx, userId, set)
  tx.audit('factor.recovery-codes-made', { kind: 'user', id: userId })
  return set.codes
}
