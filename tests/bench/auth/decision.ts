import { authenticate } from '../../../apps/server/src/modules/auth/authenticate.ts'
import {
  openAuthPlatform,
  openSession,
  requestOf,
} from '../../../apps/server/src/modules/auth/auth.testing.ts'
import type { Resource } from '../../../apps/server/src/modules/auth/can.ts'
import { can } from '../../../apps/server/src/modules/auth/can.ts'
import { createUser } from '../../../apps/server/src/modules/auth/create-user.ts'
import { signAccessToken } from '../../../apps/server/src/modules/auth/signing-keys.ts'
import type { BenchRow } from '../support.ts'

const sessions = 1000
const calls = 200_000
const password = 'a password of the bench, long enough'

/** CPU in µs for each of so many calls, after as many to warm up. */
async function cpuEach(count: number, call: (at: number) => Promise<unknown> | unknown): Promise<number> {
  for (let at = 0; at < count; at += 1) await call(at)
  const before = process.cpuUsage()
  for (let at = 0; at < count; at += 1) await call(at)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/** Session check and permission decision of a request, once its token is known and at its first use. */
export async function decision(): Promise<BenchRow[]> {
  const opened = await openAuthPlatform('sqlite')
  try {
    const { platform } = opened
    const email = 'bench@example.com'
    const { id } = await createUser(opened.system, { email, role: 'member', password })
    const { reply } = await openSession(requestOf(opened), { email, password }, { userAgent: null })
    const actor = await authenticate(platform, `Bearer ${reply.accessToken}`)
    const sid = actor.kind === 'user' ? actor.sessionId : ''
    const headers: string[] = []
    for (let at = 0; at < sessions; at += 1)
      // Claims that differ make tokens that differ; the session they name is one.
      headers.push(`Bearer ${(await signAccessToken(platform, { sub: `${id}${at}`, sid })).accessToken}`)
    const resource: Resource = { kind: 'dataset', ownerId: 'another', visibility: 'everyone' }
    const decide = async (at: number) => {
      const who = await authenticate(platform, headers[at % sessions] ?? null)
      if (!('permissions' in who) || !who.permissions.has('datasets.read')) throw new Error('not let in')
      if (!can(who, 'read', resource)) throw new Error('may not read')
    }
    const opaque = new Map(headers.map((header) => [header.slice(7), actor]))
    const baseline = await cpuEach(calls, async (at) => {
      const held = opaque.get((headers[at % sessions] ?? '').slice(7))
      if (!held) throw new Error('unknown')
    })
    const known = await cpuEach(calls, decide)
    const fresh: string[] = []
    for (let at = 0; at < 4000; at += 1)
      fresh.push(`Bearer ${(await signAccessToken(platform, { sub: `f${at}`, sid })).accessToken}`)
    const first = await cpuEach(
      2000,
      (() => {
        let next = 0
        return () => authenticate(platform, fresh[next++] ?? null)
      })(),
    )
    const row = (name: string, us: number): BenchRow => ({
      name,
      figures: { 'CPU µs/request': us, '× baseline': us / baseline },
    })
    return [
      row('baseline: an opaque id in a Map', baseline),
      row('session check and permission decision', known),
      row('the first use of a token (signature)', first),
    ]
  } finally {
    await opened.close()
  }
}
