import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { Language } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { actorUserId } from '../auth/index.ts'
import { addDataset } from './add-dataset.ts'
import type { DatasetView } from './present.ts'

const samplePath = 'apps/server/src/modules/datasets/sample/sample.jsonl'
const names: Readonly<Record<Language, string>> = { en: 'Tidewell sample', zh: 'Tidewell 示例' }

/** Adds the sample as a dataset of the actor's own. */
export async function addSample(ctx: Context): Promise<DatasetView> {
  actorUserId(ctx.actor)
  const { platform } = ctx
  const file = await platform.files.put(createReadStream(path.join(platform.config.root, samplePath)))
  return addDataset(ctx, { name: names[ctx.language], visibility: 'private', file, isSample: true })
}
