import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { defaultModel, defaultPrompt, instanceName, instanceZone } from '../../platform/instance-settings.ts'

export type SettingsView = RouteReply<'admin.settings'>

/** Every setting that holds without a restart. */
export async function readSettings(
  ctx: Context,
  reader: Reader = ctx.platform.db.read,
): Promise<SettingsView> {
  const items = await ctx.platform.settings.list(reader)
  return {
    items: items.map(({ updatedAt, ...setting }) => ({
      ...setting,
      updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
    })),
  }
}

/** What every page of this instance starts from. */
export function readInstance(ctx: Context): RouteReply<'admin.instance'> {
  const { settings } = ctx.platform
  return {
    name: settings.get(instanceName),
    zone: settings.get(instanceZone),
    defaultModelId: settings.get(defaultModel),
    defaultPromptId: settings.get(defaultPrompt),
  }
}
