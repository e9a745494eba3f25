import { declareUses } from '../../platform/uses/index.ts'
import { countByPrompt, countByPromptVersion, ownOfPrompt } from './prompt-uses.repo.ts'

const listed = 5

/** Conversations that answer with a prompt: all are counted, the asker's own are named. */
declareUses('prompt', 'chat', {
  async count(ctx, targets) {
    const rows = await countByPrompt(
      ctx.platform.db.slow,
      targets.map((target) => target.id),
    )
    return new Map(rows.map((row) => [row.prompt_id, Number(row.count)]))
  },
  async uses(ctx, { id }) {
    const { slow, read } = ctx.platform.db
    const rows = await slow.all(countByPromptVersion, { prompt_id: id })
    const versions = rows.map((row) => ({ version: row.prompt_version, count: Number(row.count) }))
    const ownerId = 'userId' in ctx.actor ? ctx.actor.userId : ''
    const own = await read.all(ownOfPrompt, { prompt_id: id, owner_id: ownerId, limit: listed })
    return {
      count: versions.reduce((sum, version) => sum + version.count, 0),
      versions,
      own: own.map((row) => ({ id: row.id, title: row.title, at: row.used_at })),
    }
  },
})
