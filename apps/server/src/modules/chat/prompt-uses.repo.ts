import { type Reader, defineQuery } from '../../platform/db/index.ts'
import type { ConversationRow } from './chat.repo.ts'

interface Tables {
  conversation: ConversationRow
}

const query = defineQuery<Tables>()

export async function countByPrompt(
  reader: Reader,
  promptIds: readonly string[],
): Promise<{ prompt_id: string; count: number }[]> {
  if (promptIds.length === 0) return []
  return reader.dynamic<Tables, { prompt_id: string; count: number }>((k) =>
    k
      .selectFrom('conversation')
      .select((eb) => ['prompt_id', eb.fn.countAll<number>().as('count')])
      .where('prompt_id', 'in', promptIds)
      .where('deleted_at', 'is', null)
      .groupBy('prompt_id')
      .$narrowType<{ prompt_id: string }>(),
  )
}

export const countByPromptVersion = query<
  { prompt_id: string },
  { prompt_version: number | null; count: number }
>((k, p) =>
  k
    .selectFrom('conversation')
    .select((eb) => ['prompt_version', eb.fn.countAll<number>().as('count')])
    .where('prompt_id', '=', p.prompt_id)
    .where('deleted_at', 'is', null)
    .groupBy('prompt_version')
    .orderBy('prompt_version', 'desc'),
)

export const ownOfPrompt = query<
  { prompt_id: string; owner_id: string; limit: number },
  Pick<ConversationRow, 'id' | 'title' | 'used_at'>
>((k, p) =>
  k
    .selectFrom('conversation')
    .select(['id', 'title', 'used_at'])
    .where('prompt_id', '=', p.prompt_id)
    .where('owner_id', '=', p.owner_id)
    .where('deleted_at', 'is', null)
    .orderBy('used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit),
)
