import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { checkNewPassword, hashPassword } from '../password.ts'
import type { Device } from '../sessions.ts'
import { asUser, endSessionsIn, newSessionId } from '../sessions.ts'
import type { Attempt } from '../throttle.ts'
import { attemptSucceeded, enterAttempt } from '../throttle.ts'
import { setPasswordHash, userById } from '../users.repo.ts'
import { addPasskeyIn, addTotpIn, firstCodesIn, firstStep } from './add-factor.ts'
import type { Checked } from './check-factor.ts'
import { checkFactor, checkPasskey } from './check-factor.ts'
import type { Factor, TicketRow } from './factors.tables.ts'
import { factorsOf, hasFactor } from './has-factors.ts'
import { letIn, letInReply, unauditedStep } from './let-in.ts'
import { checkRegistration } from './passkeys.ts'
import { holderOf } from './prepare-sign-in.ts'
import { newCodeSet } from './recovery-codes.ts'
import { requireRelyingParty } from './relying-party.ts'
import { shortestPasswordOf } from './shortest-password.ts'
import { countTry, goodTicket, passwordStamp, useTicket } from './tickets.ts'

type Input = RouteHandlerInput<'auth.verifySignIn'>['body']

interface Visit {
  device: Device
  origin: string | undefined
}

/** A step that was passed: what it writes, and by which factor. */
interface Passed {
  user: UserRow
  factor: Factor | null
  weak: boolean
  /** Gives recovery codes that are to be shown. */
  within: (tx: WriteTx) => Promise<string[]>
}

const nothingToShow = async (work: Promise<unknown>): Promise<string[]> => {
  await work
  return []
}

async function passFactor(ctx: Context, ticket: TicketRow, input: Input, visit: Visit): Promise<Passed> {
  const user = await holderOf(ctx, ticket)
  if (input.method === 'new-password') throw new AppError('auth.ticket-unknown')
  const checked = await checkFactor(
    ctx,
    user.id,
    input.method === 'passkey'
      ? {
          method: 'passkey',
          response: input.response,
          challenge: ticket.challenge,
          party: requireRelyingParty(ctx.platform, visit.origin),
        }
      : { method: input.method, code: input.code },
  )
  return {
    user,
    factor: checked.factor,
    weak: Number(ticket.weak) === 1,
    within: spendAudited(user, checked),
  }
}

/** A code that is used up is worth a line in the audit: there are only ten. */
function spendAudited(user: UserRow, { factor, spend }: Checked) {
  return (tx: WriteTx) => {
    if (factor === 'recovery-code') tx.audit('factor.recovery-code-used', { kind: 'user', id: user.id })
    return nothingToShow(spend(tx))
  }
}

async function passAlone(ctx: Context, ticket: TicketRow, input: Input, visit: Visit): Promise<Passed> {
  if (input.method !== 'passkey') throw new AppError('auth.ticket-unknown')
  const { platform } = ctx
  const checked = await checkPasskey(ctx, null, {
    method: 'passkey',
    response: input.response,
    challenge: ticket.challenge,
    party: requireRelyingParty(platform, visit.origin),
  })
  const user = await platform.db.read.first(userById, { id: checked.userId })
  if (!user || user.disabled_at !== null) throw new AppError('auth.passkey-refused')
  return { user, factor: null, weak: false, within: (tx) => nothingToShow(checked.spend(tx)) }
}

async function enrol(ctx: Context, ticket: TicketRow, input: Input, visit: Visit): Promise<Passed> {
  const user = await holderOf(ctx, ticket)
  const weak = Number(ticket.weak) === 1
  if (input.method === 'totp') {
    const step = firstStep(ctx, ticket, input.code)
    const codes = await newCodeSet()
    return {
      user,
      factor: 'totp',
      weak,
      async within(tx) {
        await addTotpIn(ctx, tx, ticket, { userId: user.id, step })
        return firstCodesIn(ctx, tx, user.id, codes)
      },
    }
  }
  if (input.method !== 'passkey') throw new AppError('auth.ticket-unknown')
  const party = requireRelyingParty(ctx.platform, visit.origin)
  const made = await checkRegistration(party, ticket.challenge, input.response)
  const codes = await newCodeSet()
  return {
    user,
    factor: 'passkey',
    weak,
    async within(tx) {
      await addPasskeyIn(ctx, tx, user.id, { ...made, name: input.name ?? 'Passkey' })
      return firstCodesIn(ctx, tx, user.id, codes)
    },
  }
}

async function newPassword(ctx: Context, ticket: TicketRow, input: Input): Promise<Passed> {
  const user = await holderOf(ctx, ticket)
  if (input.method !== 'new-password') throw new AppError('auth.ticket-unknown')
  const { db, clock } = ctx.platform
  checkNewPassword(input.password, user.mail, await shortestPasswordOf(db.read, user.role))
  const hash = await hashPassword(input.password)
  return {
    user,
    factor: ticket.factor,
    weak: false,
    async within(tx) {
      await tx.run(setPasswordHash, { id: user.id, hash, now: clock.now() })
      const endedSessions = await endSessionsIn(ctx, tx, user.id)
      tx.audit('user.password-changed', { kind: 'user', id: user.id }, { endedSessions })
      return []
    },
  }
}

function pass(ctx: Context, ticket: TicketRow, input: Input, visit: Visit): Promise<Passed> {
  if (ticket.purpose === 'passkey-sign-in') return passAlone(ctx, ticket, input, visit)
  if (ticket.purpose === 'enrol') return enrol(ctx, ticket, input, visit)
  if (ticket.purpose === 'new-password') return newPassword(ctx, ticket, input)
  return passFactor(ctx, ticket, input, visit)
}

/**
 * Takes the next step of a sign-in. A try is counted before it is looked at: of its ticket, and, over all tickets, of
 * its person.
 * @throws AppError `auth.ticket-unknown`, `auth.throttled`, `auth.wrong-code`, `auth.passkey-refused` and what a new
 * password may be refused for.
 */
export async function verifySignIn(
  ctx: Context,
  input: Input,
  visit: Visit,
): Promise<{ reply: RouteReply<'auth.verifySignIn'>; refreshToken: string | null }> {
  const { platform } = ctx
  const ticket = await goodTicket(ctx, input.ticket, [
    'second-factor',
    'enrol',
    'new-password',
    'passkey-sign-in',
  ])
  const attempts: readonly Attempt[] =
    ticket.user_id === null ? [['address', ctx.address ?? '']] : [['factor', ticket.user_id]]
  if (ticket.purpose === 'second-factor') await enterAttempt(platform, attempts)
  await countTry(ctx, ticket)
  const passed = await pass(ctx, ticket, input, visit)
  const { user } = passed
  const session = { id: newSessionId(), device: visit.device }
  const result = await write(
    asUser(ctx, user, session.id),
    async (tx) => {
      const now = await tx.first(userById, { id: user.id })
      if (!now || now.disabled_at !== null || passwordStamp(now) !== passwordStamp(user))
        throw new AppError('auth.ticket-unknown')
      // A factor that was set up since is not to be replaced by whoever knows the password alone.
      if (ticket.purpose === 'enrol' && hasFactor(await factorsOf(tx, user.id)))
        throw new AppError('auth.ticket-unknown')
      await useTicket(ctx, tx, ticket)
      await attemptSucceeded(tx, attempts)
      const codes = await passed.within(tx)
      const way = ticket.way ?? 'password'
      const decision = await letIn(ctx, tx, now, { way, session, factor: passed.factor, weak: passed.weak })
      return { codes, decision }
    },
    unauditedStep,
  )
  const entered = await letInReply(platform, user, result.decision)
  if (result.codes.length === 0) return entered
  return { ...entered, reply: { ...entered.reply, recoveryCodes: result.codes } }
}
