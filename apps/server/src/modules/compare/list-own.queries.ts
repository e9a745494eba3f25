import type { Reader } from '../../platform/db/index.ts'
import { type Asked, askedOf } from '../../platform/search/index.ts'
import type { CompareTables, ComparisonSummaryRow } from './compare.tables.ts'
import { searchKind } from './index-title.ts'

/** The last character that sorts behind any continuation of a word. */
const behind = '\u{10ffff}'

/** Own comparisons below a cursor, the last used first; with `search`, those whose title holds every word of it. */
export async function listOwn(
  reader: Reader,
  search: string | undefined,
  below: { owner_id: string; at: number; id: string; limit: number },
): Promise<ComparisonSummaryRow[]> {
  const asked = search === undefined ? [] : askedOf(search)
  if (search !== undefined && asked.length === 0) return []
  return reader.dynamic<CompareTables, ComparisonSummaryRow>((k) => {
    const matching = ({ token, prefix }: Asked) => {
      const tokens = k
        .selectFrom('search_token')
        .select('resource_id')
        .where('kind', '=', searchKind)
        .where('owner_id', '=', below.owner_id)
      return prefix
        ? tokens.where('token', '>=', token).where('token', '<=', `${token}${behind}`)
        : tokens.where('token', '=', token)
    }
    const own = k
      .selectFrom('comparison')
      .select(['id', 'title', 'panes', 'used_at'])
      .select((eb) =>
        eb
          .selectFrom('comparison_answer')
          .innerJoin('generation', 'generation.id', 'comparison_answer.generation_id')
          .select((inner) => inner.fn.countAll<number>().as('running'))
          .whereRef('comparison_answer.comparison_id', '=', 'comparison.id')
          .where('generation.state', '=', 'running')
          .as('live'),
      )
      .where('owner_id', '=', below.owner_id)
      .where('deleted_at', 'is', null)
      .where('used_at', '<=', below.at)
      .where((eb) => eb.or([eb('used_at', '<', below.at), eb('id', '<', below.id)]))
    return asked
      .reduce((query, one) => query.where('id', 'in', matching(one)), own)
      .orderBy('used_at', 'desc')
      .orderBy('id', 'desc')
      .limit(below.limit)
  })
}
