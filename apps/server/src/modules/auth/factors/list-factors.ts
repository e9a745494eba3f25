import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { actorUserId } from '../can.ts'
import { roleFacts } from '../roles/role-facts.ts'
import { sessionById } from '../sessions.repo.ts'
import { userById } from '../users.repo.ts'
import type { PasskeyRow } from './factors.tables.ts'
import { factorsOf } from './has-factors.ts'
import { proofLasts } from './recent-proof.ts'
import { relyingParty } from './relying-party.ts'
import { shortestPasswordOf } from './shortest-password.ts'

const time = (at: number) => new Date(Number(at)).toISOString()
const timeOrNull = (at: number | null) => (at === null ? null : time(at))

export function presentPasskey(row: PasskeyRow): RouteReply<'auth.renamePasskey'> {
  return {
    id: row.id,
    name: row.name,
    synced: Number(row.synced) === 1,
    createdAt: time(row.created_at),
    lastUsedAt: timeOrNull(row.last_used_at),
  }
}

/** How the actor proves who they are, without anything that would do it for them. */
export async function listFactors(ctx: Context): Promise<RouteReply<'auth.listFactors'>> {
  const { platform, actor } = ctx
  const { read } = platform.db
  const user = await read.first(userById, { id: actorUserId(actor) })
  if (!user) throw new AppError('auth.session-ended')
  const { totp, passkeys, recoveryCodes } = await factorsOf(read, user.id)
  const session = actor.kind === 'user' ? await read.first(sessionById, { id: actor.sessionId }) : undefined
  const provedAt = Number(session?.proved_at ?? 0)
  const first = recoveryCodes[0]
  return {
    password: user.password_hash !== null,
    shortestPassword: await shortestPasswordOf(read, user.role),
    required: (await roleFacts(read, user.role)).secondFactor,
    totp: totp && { createdAt: time(totp.created_at), lastUsedAt: timeOrNull(totp.last_used_at) },
    passkeys: passkeys.map(presentPasskey),
    recoveryCodes: first
      ? {
          left: recoveryCodes.filter((row) => row.used_at === null).length,
          of: recoveryCodes.length,
          createdAt: time(first.created_at),
        }
      : null,
    passkeyAddress: relyingParty(platform)?.origin ?? null,
    provedUntil: provedAt + proofLasts > platform.clock.now() ? time(provedAt + proofLasts) : null,
  }
}
