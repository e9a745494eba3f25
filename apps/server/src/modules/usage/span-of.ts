import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { instanceZone } from '../../platform/instance-settings.ts'
import { isZone } from './days.ts'
import { quarterMs } from './quarters.queries.ts'

const longestDays = 100

/** The span and zone that a reader asks for, cut down to whole quarters of an hour. */
export function spanOf(
  ctx: Context,
  query: Omit<RouteHandlerInput<'usage.export'>['query'], never>,
): { from: number; to: number; zone: string } {
  const zone = query.zone ?? ctx.platform.settings.get(instanceZone)
  if (!isZone(zone)) {
    throw new AppError('usage.bad-zone', { zone }, { fields: [{ pointer: '/query/zone', code: 'invalid' }] })
  }
  const from = Date.parse(query.from)
  const to = Date.parse(query.to)
  if (!(from < to) || to - from > longestDays * 86_400_000) {
    throw new AppError(
      'usage.bad-range',
      { days: longestDays },
      { fields: [{ pointer: '/query/to', code: 'invalid' }] },
    )
  }
  return { from: from - (from % quarterMs), to, zone }
}
