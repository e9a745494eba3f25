import type { Context } from '../../platform/context.ts'
import { type UseLookUp, type UseTarget, declareUses } from '../../platform/uses/index.ts'
import type { CallVia } from '../usage/index.ts'
import { countByPromptVersion } from './prompt-uses.repo.ts'

const countedMs = 30 * 24 * 60 * 60 * 1000

async function countsOf(ctx: Context, targets: readonly UseTarget[], vias: readonly CallVia[]) {
  const ids = targets.flatMap((target) => [...target.versions.keys()])
  const { clock, db } = ctx.platform
  const rows = await countByPromptVersion(db.slow, ids, vias, clock.now() - countedMs)
  return new Map(rows.map((row) => [row.prompt_version_id, Number(row.count)]))
}

/** Answers of the last 30 days that a version of a prompt has made, told by way in. */
function lookUpOf(vias: readonly CallVia[]): UseLookUp {
  return {
    async count(ctx, targets) {
      const counts = await countsOf(ctx, targets, vias)
      const sumOf = (target: UseTarget) =>
        [...target.versions.keys()].reduce((sum, id) => sum + (counts.get(id) ?? 0), 0)
      return new Map(targets.map((target) => [target.id, sumOf(target)]))
    },
    async uses(ctx, target) {
      const counts = await countsOf(ctx, [target], vias)
      const versions = [...target.versions].flatMap(([id, version]) => {
        const count = counts.get(id)
        return count ? [{ version, count }] : []
      })
      const count = versions.reduce((sum, version) => sum + version.count, 0)
      return { count, versions: versions.toSorted((a, b) => b.version - a.version), own: [] }
    },
  }
}

declareUses('prompt', 'answers', lookUpOf(['chat', 'compare', 'sample']))
declareUses('prompt', 'gateway', lookUpOf(['gateway']))
