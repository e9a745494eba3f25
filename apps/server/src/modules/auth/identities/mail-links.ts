import type { Language } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { systemContext } from '../../../platform/context.ts'
import type { Platform } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import type { JobRun } from '../../../platform/jobs/index.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { OneTimeLinkRow, UserRow } from '../auth.tables.ts'
import { withdrawByOpenKey } from '../links.repo.ts'
import { insertLinkFor, linkAddress, passwordKey, registrationKey } from '../one-time-links.ts'
import { userByMail } from '../users.repo.ts'
import { providersOfUser } from './identities.repo.ts'
import { originOf } from './provider.ts'
import { registrationOf } from './registration.settings.ts'

const kind = 'auth.mail-link'

/** What was asked for, by whoever it was. */
export interface AskedLink {
  purpose: 'password' | 'registration'
  email: string
  language: Language
  address: string | null
}

export const hostOf = (platform: Platform): string => new URL(originOf(platform)).host

/** Stores a link in the place of an open one, and gives its address. */
async function fresh(
  ctx: Context,
  tx: WriteTx,
  link: Pick<OneTimeLinkRow, 'purpose' | 'mail' | 'name' | 'role'> & {
    openKey: string
    userId: string | null
  },
): Promise<string> {
  await tx.run(withdrawByOpenKey, { key: link.openKey, now: ctx.platform.clock.now() })
  const { token } = await insertLinkFor(ctx, tx, link)
  return linkAddress(ctx.platform, link.purpose, token)
}

/** Whoever has no password here gets none by mail: it would go round the provider that lets them in. */
async function passwordMail(ctx: Context, tx: WriteTx, user: UserRow, asked: AskedLink): Promise<void> {
  const { mail } = ctx.platform
  const target = { kind: 'user', id: user.id }
  const language = user.language ?? asked.language
  const params = { name: user.name, host: hostOf(ctx.platform) }
  const providers = user.password_hash === null ? await tx.all(providersOfUser, { userId: user.id }) : []
  if (providers.length > 0) {
    const provider = providers.map(({ name }) => name).join(', ')
    const link = `${originOf(ctx.platform)}/sign-in`
    await mail.enqueue(tx, {
      to: user.mail,
      language,
      kind: 'resetOutside',
      params: { ...params, provider },
      link,
    })
    return tx.audit('user.reset-mail-refused', target, { email: user.mail, from: asked.address })
  }
  const link = await fresh(ctx, tx, {
    purpose: 'password',
    openKey: passwordKey(user.id),
    mail: user.mail,
    name: user.name,
    role: user.role,
    userId: user.id,
  })
  await mail.enqueue(tx, { to: user.mail, language, kind: 'reset', params, link })
  tx.audit('user.reset-mail-sent', target, { email: user.mail, from: asked.address })
}

async function registrationMail(ctx: Context, tx: WriteTx, asked: AskedLink): Promise<void> {
  const { role } = await registrationOf(ctx, asked.email)
  const mailKey = asked.email.toLowerCase()
  const link = await fresh(ctx, tx, {
    purpose: 'registration',
    openKey: registrationKey(mailKey),
    mail: asked.email,
    name: null,
    role,
    userId: null,
  })
  const { email: to, language } = asked
  await ctx.platform.mail.enqueue(tx, {
    to,
    language,
    kind: 'registration',
    params: { host: hostOf(ctx.platform) },
    link,
  })
  tx.audit('registration.mail-sent', null, { email: to, from: asked.address })
}

async function registeredMail(ctx: Context, tx: WriteTx, user: UserRow, asked: AskedLink): Promise<void> {
  await ctx.platform.mail.enqueue(tx, {
    to: user.mail,
    language: user.language ?? asked.language,
    kind: 'registered',
    params: { name: user.name, host: hostOf(ctx.platform) },
    link: `${originOf(ctx.platform)}/sign-in`,
  })
  tx.audit(
    'registration.of-account',
    { kind: 'user', id: user.id },
    { email: user.mail, from: asked.address },
  )
}

async function answer(ctx: Context, asked: AskedLink): Promise<void> {
  await write(
    ctx,
    async (tx) => {
      const user = await tx.first(userByMail, { mailKey: asked.email.toLowerCase() })
      if (user && (user.disabled_at !== null || user.kind !== 'person')) return
      if (asked.purpose === 'password') return user && passwordMail(ctx, tx, user, asked)
      return user ? registeredMail(ctx, tx, user, asked) : registrationMail(ctx, tx, asked)
    },
    { unaudited: 'nobody there to send a link to' },
  )
}

async function run({ ctx, payload }: JobRun): Promise<void> {
  const { sealed } = payload as { sealed: string }
  const asked = JSON.parse(ctx.platform.secrets.decrypt(sealed)) as AskedLink
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await answer(ctx, asked)
    } catch (error) {
      if (!(error instanceof UniqueViolation) || attempt === 3) throw error
    }
  }
}

/** Links that are asked for are made by a job: who asks waits equally long, whether there is an account or not. */
export function defineLinkMail(platform: Platform): void {
  platform.jobs.define({ kind, concurrency: 2, run })
}

export async function enqueueLinkMail(ctx: Context, asked: AskedLink): Promise<void> {
  const { platform } = ctx
  const sealed = platform.secrets.encrypt(JSON.stringify(asked))
  await write(
    systemContext(platform, 'mail'),
    (tx) => platform.jobs.enqueue(tx, { kind, payload: { sealed }, ownerId: null }),
    { unaudited: 'the job that makes the link says so' },
  )
}
