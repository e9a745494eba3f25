import type { RouteReply } from '@anneal/contract'
import type { Context, Platform } from '../../../platform/context.ts'
import type { WriteTx } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { roleFacts } from '../roles/role-facts.ts'
import type { Device } from '../sessions.ts'
import { insertSessionFor } from '../sessions.ts'
import { signedInReply } from '../signed-in.ts'
import type { Factor, SignInWay } from './factors.tables.ts'
import type { Factors } from './has-factors.ts'
import { factorsOf, hasFactor } from './has-factors.ts'
import { relyingParty } from './relying-party.ts'
import { insertTicketFor, passwordStamp } from './tickets.ts'

type NextStep = Extract<RouteReply<'auth.signIn'>, { next: string }>
type Method = NextStep['methods'][number]

/** Let in, with what keeps them in; or the next step, and nothing else. */
export interface LetIn {
  reply: RouteReply<'auth.signIn'>
  refreshToken: string | null
}

export interface Entrance {
  way: SignInWay
  /** The session that is opened where nothing more is asked for. */
  session: { id: string; device: Device }
  /** The second factor that was given in this sign-in. */
  factor?: Factor | null
  /** The password does not meet the rules any more. */
  weak?: boolean
}

/** What was decided in the transaction; `letInReply` makes the reply of it afterwards. */
export type Decision = { step: NextStep } | { sessionId: string; refreshToken: string }

function methodsOf(platform: Platform, { totp, passkeys, recoveryCodes }: Factors): Method[] {
  const methods: Method[] = []
  if (passkeys.length > 0 && relyingParty(platform)) methods.push('passkey')
  if (totp) methods.push('totp')
  if (recoveryCodes.some((row) => row.used_at === null)) methods.push('recovery-code')
  return methods
}

/** What this person still owes; null where nothing. A passkey without a password is two factors in one. */
async function missing(
  ctx: Context,
  tx: WriteTx,
  user: UserRow,
  { way, factor, weak }: Entrance,
): Promise<Omit<NextStep, 'ticket'> | null> {
  if (!factor && way !== 'passkey') {
    const factors = await factorsOf(tx, user.id)
    if (hasFactor(factors)) return { next: 'second-factor', methods: methodsOf(ctx.platform, factors) }
    const { secondFactor } = await roleFacts(tx, user.role)
    if (secondFactor)
      return { next: 'enrol', methods: relyingParty(ctx.platform) ? ['totp', 'passkey'] : ['totp'] }
  }
  return weak ? { next: 'new-password', methods: ['new-password'] } : null
}

/** What a write of `letIn` that ends in a step says of its audit. */
export const unauditedStep = { unaudited: 'a step towards a session is none yet' }

/**
 * Lets someone in who has passed a step, within the caller's transaction: opens the session, or says what is asked for
 * first. The one place that decides it, for every way of signing in.
 */
export async function letIn(ctx: Context, tx: WriteTx, user: UserRow, by: Entrance): Promise<Decision> {
  const owed = await missing(ctx, tx, user, by)
  if (owed) {
    const ticket = await insertTicketFor(ctx, tx, {
      purpose: owed.next,
      user_id: user.id,
      stamp: passwordStamp(user),
      way: by.way,
      factor: by.factor ?? null,
      weak: by.weak ? 1 : 0,
    })
    return { step: { ...owed, ticket } }
  }
  const session = { ...by.session, way: by.way, factor: by.factor ?? null }
  return { sessionId: session.id, refreshToken: await insertSessionFor(ctx, tx, user, session) }
}

/** The reply to what was decided. */
export async function letInReply(platform: Platform, user: UserRow, decision: Decision): Promise<LetIn> {
  if ('step' in decision) return { reply: decision.step, refreshToken: null }
  const reply = await signedInReply(platform, user, decision.sessionId)
  return { reply, refreshToken: decision.refreshToken }
}
