import type { Context } from '../../platform/context.ts'
import { type UseLookUp, type UseTarget, declareUses } from '../../platform/uses/index.ts'
import type { Reader } from '../../platform/db/index.ts'
import { callsByPromptVersion } from '../usage/index.ts'
import { type VersionCount, countByPromptVersion } from './prompt-uses.repo.ts'

const countedMs = 30 * 24 * 60 * 60 * 1000

type Count = (reader: Reader, versionIds: readonly string[], since: number) => Promise<VersionCount[]>

async function countsOf(ctx: Context, targets: readonly UseTarget[], count: Count) {
  const ids = targets.flatMap((target) => [...target.versions.keys()])
  const { clock, db } = ctx.platform
  const rows = await count(db.slow, ids, clock.now() - countedMs)
  return new Map(rows.map((row) => [row.prompt_version_id, Number(row.count)]))
}

/** Answers of the last 30 days that a version of a prompt has made, told by way in. */
function lookUpOf(countCalls: Count): UseLookUp {
  return {
    async count(ctx, targets) {
      const counts = await countsOf(ctx, targets, countCalls)
      const sumOf = (target: UseTarget) =>
        [...target.versions.keys()].reduce((sum, id) => sum + (counts.get(id) ?? 0), 0)
      return new Map(targets.map((target) => [target.id, sumOf(target)]))
    },
    async uses(ctx, target) {
      const counts = await countsOf(ctx, [target], countCalls)
      const versions = [...target.versions].flatMap(([id, version]) => {
        const count = counts.get(id)
        return count ? [{ version, count }] : []
      })
      const count = versions.reduce((sum, version) => sum + version.count, 0)
      return { count, versions: versions.toSorted((a, b) => b.version - a.version), own: [] }
    },
  }
}

const answers = ['chat', 'compare', 'sample'] as const
declareUses(
  'prompt',
  'answers',
  lookUpOf((reader, ids, since) => countByPromptVersion(reader, ids, answers, since)),
)
/* A call by the gateway has no row but the ledger's. */
declareUses(
  'prompt',
  'gateway',
  lookUpOf((reader, ids, since) => callsByPromptVersion(reader, ids, 'gateway', since)),
)
