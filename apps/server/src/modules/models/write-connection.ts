import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { actorUserId, tellVisibility } from '../auth/index.ts'
import { connectionFor } from './load.ts'
import { insertConnectionRow, updateConnectionRow } from './connections.repo.ts'
import type { ConnectionRow } from './models.tables.ts'
import { connectionView } from './list-models.ts'
import type { ConnectionView } from './present.ts'

type KeyColumns = Pick<ConnectionRow, 'api_key' | 'key_ending'>

/** The key as it is stored: encrypted, with its last four characters to tell keys apart. */
function storedKey(ctx: Context, apiKey: string | null | undefined): KeyColumns {
  if (!apiKey) return { api_key: null, key_ending: null }
  return {
    api_key: ctx.platform.secrets.encrypt(apiKey),
    key_ending: apiKey.length >= 12 ? apiKey.slice(-4) : null,
  }
}

/** A stored key goes to the address that it was given for: whoever names another server brings its own key. */
function refuseMovedKey(
  row: ConnectionRow,
  { baseUrl, apiKey }: { baseUrl?: string; apiKey?: string | null },
): void {
  if (row.api_key === null || apiKey !== undefined || baseUrl === undefined) return
  if (new URL(baseUrl).origin === new URL(row.base_url).origin) return
  throw new AppError('platform.invalid-input', {}, { fields: [{ pointer: '/apiKey', code: 'required' }] })
}

/** Adds a connection to a provider. */
export async function createConnection(
  ctx: Context,
  input: RouteHandlerInput<'models.createConnection'>['body'],
): Promise<ConnectionView> {
  await ctx.platform.outbound.check(input.baseUrl)
  const now = ctx.platform.clock.now()
  const row: ConnectionRow = {
    id: newId(),
    owner_id: actorUserId(ctx.actor),
    visibility: input.visibility,
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    name: input.name,
    name_key: nameKey(input.name),
    provider: input.provider,
    base_url: input.baseUrl,
    dialect: null,
    ...storedKey(ctx, input.apiKey),
    deployment_id: null,
    node_id: null,
  }
  return refuseTakenName(input.name, () =>
    write(ctx, async (tx) => {
      await tx.run(insertConnectionRow, row)
      tx.audit(
        'connection.created',
        { kind: 'connection', id: row.id },
        { name: row.name, provider: row.provider },
      )
      tx.emit({
        kind: 'connection',
        id: row.id,
        change: 'created',
        ownerId: row.owner_id,
        visibility: row.visibility,
      })
      return connectionView(ctx, tx, row)
    }),
  )
}

/** Changes a connection. A key left out stays; null removes it. A stale version answers 409 with what is there now. */
export async function updateConnection(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'models.updateConnection'>['body'],
): Promise<ConnectionView> {
  if (input.baseUrl) await ctx.platform.outbound.check(input.baseUrl)
  const key = input.apiKey === undefined ? {} : storedKey(ctx, input.apiKey)
  return refuseTakenName(input.name ?? '', () =>
    write(ctx, async (tx) => {
      const row = await connectionFor(ctx, tx, id, 'edit')
      if (row.deployment_id !== null) throw new AppError('models.managed')
      // Who may see and use it is its manager's to say.
      if (input.visibility) await connectionFor(ctx, tx, id, 'manage')
      refuseMovedKey(row, input)
      const next: ConnectionRow = {
        ...row,
        ...key,
        name: input.name ?? row.name,
        name_key: nameKey(input.name ?? row.name),
        provider: input.provider ?? row.provider,
        base_url: input.baseUrl ?? row.base_url,
        visibility: input.visibility ?? row.visibility,
        updated_at: ctx.platform.clock.now(),
      }
      const { changes } = await tx.run(updateConnectionRow, { ...next, version: input.version })
      if (changes === 0) {
        // Read again: whoever was first has been stored since.
        const current = await connectionFor(ctx, tx, id, 'edit')
        throw new AppError('platform.stale-version', {}, { current: await connectionView(ctx, tx, current) })
      }
      await tellVisibility(tx, 'connection', row, next.visibility)
      const changed = Object.keys(input).filter((field) => field !== 'version')
      tx.audit('connection.updated', { kind: 'connection', id }, { changed })
      tx.emit({
        kind: 'connection',
        id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: next.visibility,
      })
      return connectionView(ctx, tx, { ...next, version: row.version + 1 })
    }),
  )
}

async function refuseTakenName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UniqueViolation) {
      throw new AppError('models.connection-name-taken', { name }, { cause: error })
    }
    throw error
  }
}
