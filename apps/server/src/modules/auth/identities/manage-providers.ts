import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { OidcProviderRow } from '../auth.tables.ts'
import { requireRank } from '../ranks.ts'
import { knownRole } from '../roles/role-facts.ts'
import {
  allProviders,
  deleteIdentitiesOf,
  deleteProviderRow,
  identitiesByProvider,
  insertProvider,
  providerById,
  updateProviderRow,
} from './identities.repo.ts'
import type { NewProvider, ProviderView } from './provider.ts'
import { callbackBase, presentProvider, storedOf } from './provider.ts'

const notFound = () => new AppError('identity.provider-not-found')

function emitProvider(tx: WriteTx, id: string, change: 'created' | 'updated' | 'deleted'): void {
  tx.emit({
    kind: 'identity-provider',
    id,
    change,
    ownerId: null,
    visibility: 'permission',
    permission: 'settings.manage',
  })
}

/** A provider says who comes in as whom, whoever that is: only who may do everything may set one up. */
async function requireAll(ctx: Context): Promise<void> {
  await requireRank(ctx, ctx.platform.db.read, 'administrator')
}

async function checkInput(ctx: Context, input: Partial<NewProvider>): Promise<void> {
  if (input.issuer !== undefined)
    await ctx.platform.outbound.check(input.issuer).catch((error: unknown) => {
      // A name that nobody knows now is told when it is called.
      if (error instanceof AppError) throw error
    })
  const roles = [...(input.roleMap ?? []).map(({ role }) => role), input.defaultRole ?? 'viewer']
  for (const role of new Set(roles)) await knownRole(ctx.platform.db.read, role)
}

export async function listProviders(ctx: Context): Promise<RouteReply<'identity.listProviders'>> {
  const { read } = ctx.platform.db
  const counts = new Map(
    (await read.all(identitiesByProvider, {})).map((row) => [row.provider_id, Number(row.n)]),
  )
  const rows = await read.all(allProviders, {})
  const items = rows.map((row) => presentProvider(ctx.platform, row, counts.get(row.id) ?? 0))
  return { items, callbackBase: callbackBase(ctx.platform) }
}

/**
 * Adds a provider.
 * @throws AppError `auth.role-too-high`, `auth.role-not-found`, `platform.address-refused`.
 */
export async function createProvider(ctx: Context, input: NewProvider): Promise<ProviderView> {
  await requireAll(ctx)
  await checkInput(ctx, input)
  const now = ctx.platform.clock.now()
  const row = {
    ...storedOf(ctx, input),
    id: input.id ?? newId(),
    version: 1,
    created_at: now,
    updated_at: now,
  } as OidcProviderRow
  return write(ctx, async (tx) => {
    if (await tx.first(providerById, { id: row.id })) throw new AppError('identity.provider-exists')
    await tx.run(insertProvider, row)
    const { name, issuer } = row
    tx.audit('provider.created', { kind: 'identity-provider', id: row.id }, { name, issuer })
    emitProvider(tx, row.id, 'created')
    return presentProvider(ctx.platform, row, 0)
  })
}

/**
 * Changes a provider. Another issuer knows other people: who was linked is linked anew by their address.
 * @throws AppError as `createProvider`, and `identity.provider-not-found`, `platform.stale-version`.
 */
export async function updateProvider(
  ctx: Context,
  id: string,
  { version, ...input }: RouteHandlerInput<'identity.updateProvider'>['body'],
): Promise<ProviderView> {
  await requireAll(ctx)
  await checkInput(ctx, input as Partial<NewProvider>)
  return write(ctx, async (tx) => {
    const row = await tx.first(providerById, { id })
    if (!row) throw notFound()
    const stored = storedOf(ctx, input as Partial<NewProvider>)
    const next = { ...row, ...stored, updated_at: ctx.platform.clock.now(), version }
    const people = async () =>
      Number((await tx.all(identitiesByProvider, {})).find((one) => one.provider_id === id)?.n ?? 0)
    if ((await tx.run(updateProviderRow, next)).changes === 0) {
      const current = presentProvider(ctx.platform, row, await people())
      throw new AppError('platform.stale-version', {}, { current })
    }
    const isOther = next.issuer !== row.issuer
    if (isOther) await tx.run(deleteIdentitiesOf, { providerId: id })
    const changed = Object.keys(input).filter((key) => key !== 'clientSecret')
    tx.audit(
      'provider.updated',
      { kind: 'identity-provider', id },
      {
        name: next.name,
        changed,
        ...(input.clientSecret === undefined ? {} : { secretChanged: true }),
        ...(isOther ? { from: row.issuer, to: next.issuer } : {}),
      },
    )
    emitProvider(tx, id, 'updated')
    return presentProvider(ctx.platform, { ...next, version: version + 1 }, await people())
  })
}

/**
 * Removes a provider; accounts that were linked to it stay, without that way in.
 * @throws AppError `identity.provider-not-found`, `auth.role-too-high`.
 */
export async function deleteProvider(ctx: Context, id: string): Promise<void> {
  await requireAll(ctx)
  await write(ctx, async (tx) => {
    const row = await tx.first(providerById, { id })
    if (!row) throw notFound()
    await tx.run(deleteIdentitiesOf, { providerId: id })
    await tx.run(deleteProviderRow, { id })
    tx.audit('provider.deleted', { kind: 'identity-provider', id }, { name: row.name, issuer: row.issuer })
    emitProvider(tx, id, 'deleted')
  })
}
