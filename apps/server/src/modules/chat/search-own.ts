import { type Reader, defineShapes } from '../../platform/db/index.ts'
import type { SearchTokenRow } from '../../platform/search/index.ts'
import { askedOf } from '../../platform/search/index.ts'
import type { ConversationRow, ConversationSummaryRow } from './chat.repo.ts'
import { searchKind } from './index-title.ts'

interface SearchTables {
  conversation: ConversationRow
  search_token: SearchTokenRow
}

/** The last character that sorts behind any continuation of a word. */
const behind = '\u{10ffff}'

interface Below {
  owner_id: string
  at: number
  id: string
  limit: number
}
type Word = `word${number}`

const found = defineShapes<SearchTables>()<
  { whole: number; prefix: boolean },
  Below & Record<Word, string> & { from: string; to: string },
  ConversationSummaryRow
>((k, p, { whole, prefix }) => {
  const tokens = k
    .selectFrom('search_token')
    .select('resource_id')
    .where('kind', '=', searchKind)
    .where('owner_id', '=', p.owner_id)
  const matching = [
    ...Array.from({ length: whole }, (_, at) => tokens.where('token', '=', p[`word${at}`] as string)),
    ...(prefix ? [tokens.where('token', '>=', p.from).where('token', '<=', p.to)] : []),
  ]
  const own = k
    .selectFrom('conversation')
    .select(['id', 'title', 'model_id', 'used_at', 'live_generation_id'])
    .where('owner_id', '=', p.owner_id)
    .where('deleted_at', 'is', null)
    .where('used_at', '<=', p.at)
    .where((eb) => eb.or([eb('used_at', '<', p.at), eb('id', '<', p.id)]))
  return matching
    .reduce((query, one) => query.where('id', 'in', one), own)
    .orderBy('used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit)
})

/** Own conversations whose title holds every word asked for; the last word may be cut short. */
export async function searchOwn(
  reader: Reader,
  text: string,
  below: Below,
): Promise<ConversationSummaryRow[]> {
  const asked = askedOf(text)
  if (asked.length === 0) return []
  const whole = asked.filter(({ prefix }) => !prefix)
  const cut = asked.find(({ prefix }) => prefix)?.token
  const words = Object.fromEntries(whole.map(({ token }, at): [Word, string] => [`word${at}`, token]))
  return reader.all(found({ whole: whole.length, prefix: cut !== undefined }), {
    ...below,
    ...words,
    from: cut ?? '',
    to: `${cut ?? ''}${behind}`,
  })
}
