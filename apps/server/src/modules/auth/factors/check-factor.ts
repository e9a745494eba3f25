import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { passkeyByCredential, passkeyUsed, takeRecoveryCode, takeTotpStep } from './factors.repo.ts'
import type { Factor } from './factors.tables.ts'
import { factorsOf } from './has-factors.ts'
import type { GivenCredential } from './passkeys.ts'
import { checkAuthentication, credentialHash } from './passkeys.ts'
import { findRecoveryCode } from './recovery-codes.ts'
import type { RelyingParty } from './relying-party.ts'
import { totpStep } from './totp.ts'

export type Given =
  | { method: 'totp' | 'recovery-code'; code: string }
  | { method: 'passkey'; response: GivenCredential; challenge: string | null; party: RelyingParty }

/** A factor that was found right; `spend` takes it within the transaction that acts on it, so that it serves once. */
export interface Checked {
  factor: Factor
  spend: (tx: Tx) => Promise<void>
}

async function checkTotp(ctx: Context, userId: string, code: string): Promise<Checked> {
  const now = ctx.platform.clock.now()
  const { totp } = await factorsOf(ctx.platform.db.read, userId)
  const step = totp ? totpStep(ctx.platform.secrets.decrypt(totp.secret), code, now) : null
  if (step === null) throw new AppError('auth.wrong-code')
  return {
    factor: 'totp',
    async spend(tx) {
      const { changes } = await tx.run(takeTotpStep, { userId, step, now })
      if (changes === 0) throw new AppError('auth.wrong-code')
    },
  }
}

async function checkRecoveryCode(ctx: Context, userId: string, code: string): Promise<Checked> {
  const { recoveryCodes } = await factorsOf(ctx.platform.db.read, userId)
  const found = await findRecoveryCode(recoveryCodes, code)
  if (!found) throw new AppError('auth.wrong-code')
  return {
    factor: 'recovery-code',
    async spend(tx) {
      const { changes } = await tx.run(takeRecoveryCode, { id: found.id, now: ctx.platform.clock.now() })
      if (changes === 0) throw new AppError('auth.wrong-code')
    },
  }
}

/** A passkey; of this person, or, used alone, of whoever it turns out to belong to. */
export async function checkPasskey(
  ctx: Context,
  userId: string | null,
  given: Extract<Given, { method: 'passkey' }>,
): Promise<Checked & { userId: string }> {
  const hash = credentialHash(given.response)
  const row = await ctx.platform.db.read.first(passkeyByCredential, { hash })
  if (!row || (userId !== null && row.user_id !== userId)) throw new AppError('auth.passkey-refused')
  const { response } = given
  const counter = await checkAuthentication(given.party, given.challenge, row, {
    response,
    alone: userId === null,
  })
  return {
    userId: row.user_id,
    factor: 'passkey',
    async spend(tx) {
      const was = Number(row.counter)
      const { changes } = await tx.run(passkeyUsed, {
        id: row.id,
        counter,
        was,
        now: ctx.platform.clock.now(),
      })
      if (changes === 0) throw new AppError('auth.passkey-refused')
    },
  }
}

/**
 * Looks at a second factor of this person.
 * @throws AppError `auth.wrong-code`, `auth.passkey-refused`.
 */
export function checkFactor(ctx: Context, userId: string, given: Given): Promise<Checked> {
  if (given.method === 'passkey') return checkPasskey(ctx, userId, given)
  if (given.method === 'totp') return checkTotp(ctx, userId, given.code)
  return checkRecoveryCode(ctx, userId, given.code)
}
