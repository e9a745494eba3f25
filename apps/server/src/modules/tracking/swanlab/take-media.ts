import type { Context } from '../../../platform/context.ts'
import { toJson } from '../../../platform/db/index.ts'
import { write } from '../../../platform/write.ts'
import { noteMedia } from '../media-marks.ts'
import { type DefinitionRow, defineSeries, upsertMedia } from '../media.repo.ts'
import type { ProjectRow, TrackedRunRow } from '../tracking.repo.ts'
import { type Medium, mediaOf } from './parse-media.ts'

/** Rows written in one transaction: a large batch holds no other write up for long. */
const perTransaction = 500

async function inTurns<T>(
  ctx: Context,
  rows: readonly T[],
  one: (tx: Parameters<Parameters<typeof write>[1]>[0], row: T) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += perTransaction) {
    const some = rows.slice(at, at + perTransaction)
    await write(
      ctx,
      async (tx) => {
        for (const row of some) await one(tx, row)
      },
      { unaudited: 'data of a run is not audited' },
    )
  }
}

/** Stores what a batch holds beside numbers; a key's step that comes again replaces the earlier one. */
export async function takeMedia(
  ctx: Context,
  run: TrackedRunRow,
  metrics: readonly unknown[],
): Promise<void> {
  const media = mediaOf(metrics, ctx.platform.clock.now())
  await inTurns(ctx, media, (tx, { key, step, time, data, more }: Medium) =>
    tx.run(upsertMedia, {
      run_id: run.id,
      series_key: key,
      step,
      time,
      data: toJson(data),
      more: toJson(more),
    }),
  )
  if (media.length > 0) noteMedia(ctx.platform, run)
}

/** Keeps how a project draws its keys; what was defined before stays. */
export async function keepDefinitions(
  ctx: Context,
  project: Pick<ProjectRow, 'id'>,
  definitions: readonly Omit<DefinitionRow, 'project_id'>[],
): Promise<void> {
  await inTurns(ctx, definitions, (tx, definition) =>
    tx.run(defineSeries, { ...definition, project_id: project.id }),
  )
}
