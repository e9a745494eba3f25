import type { Migration, Reader } from '../../platform/db/index.ts'
import { defineQuery, upsert } from '../../platform/db/index.ts'

interface ChecklistRow {
  user_id: string
  dismissed_at: number
}

/** What home reads of answers; the table is the generations' own. */
interface AnswerRow {
  owner_id: string
  state: string
  model_id: string | null
  model_name: string
  meter: string
  started_at: number
}
interface HomeTables {
  home_checklist: ChecklistRow
  generation: AnswerRow
}

const query = defineQuery<HomeTables>()

export const homeMigrations: Migration[] = [
  {
    id: 'home.001-checklist',
    statements: (words) => [
      words.createTable('home_checklist', {
        user_id: `${words.id} not null primary key`,
        dismissed_at: `${words.time} not null`,
      }),
    ],
  },
]

export const checklistOf = query<{ userId: string }, ChecklistRow>((k, p) =>
  k.selectFrom('home_checklist').selectAll().where('user_id', '=', p.userId),
)

/** Two tabs may fold it away at once. */
export const dismissRow = query<{ userId: string; now: number }, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'home_checklist',
    { user_id: p.userId, dismissed_at: p.now },
    ['user_id'],
    ['dismissed_at'],
  ),
)

export const bringBackRow = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('home_checklist').where('user_id', '=', p.userId),
)

export type Answer = Pick<AnswerRow, 'model_id' | 'model_name' | 'meter'>

export const firstAnswer = query<{ userId: string }, Answer>((k, p) =>
  k
    .selectFrom('generation')
    .select(['model_id', 'model_name', 'meter'])
    .where('owner_id', '=', p.userId)
    .where('state', '=', 'finished')
    .orderBy('started_at')
    .limit(1),
)

/** The first finished answer of one of these models to this user. */
export async function firstAnswerOf(
  reader: Reader,
  userId: string,
  modelIds: readonly string[],
): Promise<Answer | undefined> {
  if (modelIds.length === 0) return undefined
  const rows = await reader.dynamic<HomeTables, Answer>((k) =>
    k
      .selectFrom('generation')
      .select(['model_id', 'model_name', 'meter'])
      .where('owner_id', '=', userId)
      .where('state', '=', 'finished')
      .where('model_id', 'in', [...modelIds])
      .orderBy('started_at')
      .limit(1),
  )
  return rows[0]
}
