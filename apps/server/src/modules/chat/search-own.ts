import type { Reader } from '../../platform/db/index.ts'
import type { Asked, SearchTokenRow } from '../../platform/search/index.ts'
import { askedOf } from '../../platform/search/index.ts'
import type { ConversationRow, ConversationSummaryRow } from './chat.repo.ts'
import { searchKind } from './index-title.ts'

interface SearchTables {
  conversation: ConversationRow
  search_token: SearchTokenRow
}

/** The last character that sorts behind any continuation of a word. */
const behind = '\u{10ffff}'

/** Own conversations whose title holds every word asked for; the last word may be cut short. */
export async function searchOwn(
  reader: Reader,
  text: string,
  below: { owner_id: string; at: number; id: string; limit: number },
): Promise<ConversationSummaryRow[]> {
  const asked = askedOf(text)
  if (asked.length === 0) return []
  return reader.dynamic<SearchTables, ConversationSummaryRow>((k) => {
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
    const found = k
      .selectFrom('conversation')
      .select(['id', 'title', 'model_id', 'used_at', 'live_generation_id'])
      .where('owner_id', '=', below.owner_id)
      .where('deleted_at', 'is', null)
      .where('used_at', '<=', below.at)
      .where((eb) => eb.or([eb('used_at', '<', below.at), eb('id', '<', below.id)]))
    return asked
      .reduce((query, one) => query.where('id', 'in', matching(one)), found)
      .orderBy('used_at', 'desc')
      .orderBy('id', 'desc')
      .limit(below.limit)
  })
}
