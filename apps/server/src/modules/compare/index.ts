import type { Module } from '../../platform/http/index.ts'
import { onGenerationEnd } from '../generations/index.ts'
import { compareMigrations } from './compare.migrations.ts'
import { comparisonOfGeneration } from './compare.repo.ts'
import { compareRoutes } from './compare.routes.ts'

/** Whoever has the comparison open hears of an answer's end, in the transaction that ends it. */
onGenerationEnd('compare', async (tx, ended) => {
  const answer = await tx.first(comparisonOfGeneration, { generation_id: ended.id })
  if (!answer) return
  tx.emit({
    kind: 'comparison',
    id: answer.comparison_id,
    change: 'updated',
    ownerId: ended.userId,
    visibility: 'private',
    data: { state: ended.state },
  })
})

export const compareModule: Module = {
  name: 'compare',
  migrations: compareMigrations,
  routes: compareRoutes,
}
