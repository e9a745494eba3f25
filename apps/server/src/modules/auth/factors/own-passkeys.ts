import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { addPasskeyIn, emitFactors, firstCodesIn, mostPasskeys } from './add-factor.ts'
import { deletePasskey, namePasskey, passkeysOf } from './factors.repo.ts'
import { factorsOf } from './has-factors.ts'
import { presentPasskey } from './list-factors.ts'
import type { GivenCredential } from './passkeys.ts'
import { checkRegistration, registrationOptions } from './passkeys.ts'
import { requirePerson } from './prove.ts'
import { requireRecentProof } from './recent-proof.ts'
import { newCodeSet } from './recovery-codes.ts'
import { requireRelyingParty } from './relying-party.ts'
import { afterRemovalIn } from './remove-factor.ts'
import { countTry, insertTicketFor, ownTicket, useTicket } from './tickets.ts'

/**
 * Options for a new passkey.
 * @throws AppError `auth.proof-needed`, `auth.too-many-passkeys`, `auth.passkeys-unavailable`,
 * `auth.passkeys-elsewhere`.
 */
export async function beginPasskey(
  ctx: Context,
  origin: string | undefined,
): Promise<RouteReply<'auth.beginPasskey'>> {
  const { platform } = ctx
  const { actor, user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  const party = requireRelyingParty(platform, origin)
  const { passkeys } = await factorsOf(platform.db.read, user.id)
  if (passkeys.length >= mostPasskeys) throw new AppError('auth.too-many-passkeys', { most: mostPasskeys })
  const { options, challenge } = await registrationOptions(party, user, passkeys)
  const input = { purpose: 'add-passkey' as const, user_id: user.id, session_id: actor.sessionId, challenge }
  return { ticket: await platform.db.transaction((tx) => insertTicketFor(ctx, tx, input)), options }
}

/**
 * Adds the passkey that the browser has made; gives recovery codes to whoever has none.
 * @throws AppError `auth.proof-needed`, `auth.ticket-unknown`, `auth.passkey-refused`, `auth.too-many-passkeys`.
 */
export async function addPasskey(
  ctx: Context,
  input: { ticket: string; name: string; response: GivenCredential },
  origin: string | undefined,
): Promise<RouteReply<'auth.addPasskey'>> {
  const { user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  const party = requireRelyingParty(ctx.platform, origin)
  const ticket = await ownTicket(ctx, input.ticket, 'add-passkey')
  await countTry(ctx, ticket)
  const made = await checkRegistration(party, ticket.challenge, input.response)
  const codes = await newCodeSet()
  try {
    return await write(ctx, async (tx) => {
      await useTicket(ctx, tx, ticket)
      const row = await addPasskeyIn(ctx, tx, user.id, { ...made, name: input.name })
      return {
        passkey: presentPasskey(row),
        recoveryCodes: await firstCodesIn(ctx, tx, user.id, codes),
      }
    })
  } catch (error) {
    // It is somebody's already.
    if (error instanceof UniqueViolation) throw new AppError('auth.passkey-refused', {}, { cause: error })
    throw error
  }
}

/**
 * Gives a passkey another name.
 * @throws AppError `auth.factor-not-found`, for another's too.
 */
export async function renamePasskey(
  ctx: Context,
  id: string,
  name: string,
): Promise<RouteReply<'auth.renamePasskey'>> {
  const { user } = await requirePerson(ctx)
  return write(ctx, async (tx) => {
    await tx.run(namePasskey, { id, userId: user.id, name })
    const row = (await tx.all(passkeysOf, { userId: user.id })).find((one) => one.id === id)
    if (!row) throw new AppError('auth.factor-not-found')
    tx.audit('factor.passkey-renamed', { kind: 'user', id: user.id }, { passkey: name })
    emitFactors(tx, user.id)
    return presentPasskey(row)
  })
}

/**
 * Removes a passkey.
 * @throws AppError `auth.proof-needed`; `auth.factor-not-found`, for another's too; `auth.factor-required` where the
 * role needs a factor and this is the last.
 */
export async function removePasskey(ctx: Context, id: string): Promise<void> {
  const { user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  await write(ctx, async (tx) => {
    const row = (await tx.all(passkeysOf, { userId: user.id })).find((one) => one.id === id)
    const { changes } = await tx.run(deletePasskey, { id, userId: user.id })
    if (!row || changes === 0) throw new AppError('auth.factor-not-found')
    await afterRemovalIn(tx, user)
    tx.audit('factor.passkey-removed', { kind: 'user', id: user.id }, { passkey: row.name })
    emitFactors(tx, user.id)
  })
}
