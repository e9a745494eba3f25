import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { emitFactors } from './add-factor.ts'
import { factorsOf, hasFactor } from './has-factors.ts'
import { requirePerson } from './prove.ts'
import { requireRecentProof } from './recent-proof.ts'
import { newCodeSet, storeCodeSet } from './recovery-codes.ts'

/**
 * Ten new recovery codes in the place of the earlier ones.
 * @throws AppError `auth.proof-needed`; `auth.factor-not-found` for whoever has no factor that they would stand in for.
 */
export async function makeRecoveryCodes(ctx: Context): Promise<RouteReply<'auth.makeRecoveryCodes'>> {
  const { user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  const set = await newCodeSet()
  return write(ctx, async (tx) => {
    if (!hasFactor(await factorsOf(tx, user.id))) throw new AppError('auth.factor-not-found')
    await storeCodeSet(ctx, tx, user.id, set)
    tx.audit('factor.recovery-codes-made', { kind: 'user', id: user.id })
    emitFactors(tx, user.id)
    return { recoveryCodes: set.codes }
  })
}
