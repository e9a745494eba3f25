import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { SettingDefinition } from '../../platform/settings/index.ts'
import { write } from '../../platform/write.ts'
import { readSettings, type SettingsView } from './read-settings.ts'

type Change = RouteHandlerInput<'admin.changeSettings'>['body']['changes'][number]

/** What a change would store: its definition and a value that fits. */
function checked(
  ctx: Context,
  change: Change,
  at: number,
): { definition: SettingDefinition; value: unknown } {
  const definition = ctx.platform.settings.definition(change.key)
  const pointer = `/changes/${at}`
  if (!definition) {
    throw new AppError(
      'admin.unknown-setting',
      { key: change.key },
      { fields: [{ pointer: `${pointer}/key`, code: 'unknown' }] },
    )
  }
  const result = definition.schema.safeParse(change.value ?? definition.default)
  if (!result.success) {
    throw new AppError(
      'admin.bad-setting',
      { key: change.key },
      { fields: [{ pointer: `${pointer}/value`, code: 'invalid' }] },
    )
  }
  return { definition, value: result.data }
}

/** Changes settings, all or none. One that somebody else changed since answers 409 with what holds now. */
export async function changeSettings(
  ctx: Context,
  { changes }: RouteHandlerInput<'admin.changeSettings'>['body'],
): Promise<SettingsView> {
  const wanted = changes.map((change, at) => ({ ...change, ...checked(ctx, change, at) }))
  const { settings } = ctx.platform
  try {
    return await write(ctx, async (tx) => {
      const present = new Map((await settings.list(tx)).map((setting) => [setting.key, setting]))
      for (const { definition, value, version } of wanted) {
        await definition.guard?.(ctx, tx, value)
        const isSet = await settings.set(tx, definition, value, version)
        if (!isSet) throw new AppError('platform.stale-version', {}, { current: await readSettings(ctx, tx) })
        tx.audit(
          'setting.changed',
          { kind: 'setting', id: definition.key },
          {
            from: present.get(definition.key)?.value,
            to: value,
          },
        )
      }
      return readSettings(ctx, tx)
    })
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new AppError('platform.stale-version', {}, { current: await readSettings(ctx) })
  }
}
