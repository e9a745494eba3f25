import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteComparison } from './delete-comparison.ts'
import { onGenerationEnd, onGenerationRead } from '../generations/index.ts'
import { compareMigrations } from './compare.migrations.ts'
import { comparisonById, comparisonOfGeneration } from './compare.repo.ts'
import { compareRoutes } from './compare.routes.ts'

/** Whoever has the comparison open hears of an answer's end, in the transaction that ends it. */
onGenerationEnd('compare', async (tx, ended) => {
  const answer = await tx.first(comparisonOfGeneration, { generation_id: ended.id })
  if (!answer) return
  const row = await tx.first(comparisonById, { id: answer.comparison_id })
  tx.emit({
    kind: 'comparison',
    id: answer.comparison_id,
    change: 'updated',
    ownerId: ended.userId,
    visibility: row?.visibility ?? 'private',
    data: { state: ended.state },
  })
})

/** Whoever may read the comparison may read its answers, those in the making too. */
onGenerationRead('compare', async (reader, { id }) => {
  const answer = await reader.first(comparisonOfGeneration, { generation_id: id })
  return answer ? { kind: 'comparison', id: answer.comparison_id } : null
})

declareRemoval('comparison', deleteComparison)

export const compareModule: Module = {
  name: 'compare',
  migrations: compareMigrations,
  routes: compareRoutes,
}
