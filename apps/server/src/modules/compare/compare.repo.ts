import { defineQuery, upsert } from '../../platform/db/index.ts'
import type {
  AnswerRow,
  AnswerWithGeneration,
  CompareTables,
  ComparisonRow,
  TurnRow,
  VoteRow,
} from './compare.tables.ts'

const query = defineQuery<CompareTables>()

export const comparisonById = query<{ id: string }, ComparisonRow>((k, p) =>
  k.selectFrom('comparison').selectAll().where('id', '=', p.id),
)

export const insertComparison = query<ComparisonRow, unknown>((k, p) =>
  k.insertInto('comparison').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
    title: p.title,
    shared: p.shared,
    panes: p.panes,
    used_at: p.used_at,
  }),
)

/** Compare-and-set by version. */
export const updateComparisonRow = query<
  Pick<ComparisonRow, 'id' | 'version' | 'title' | 'shared' | 'panes' | 'updated_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('comparison')
    .set((eb) => ({
      version: eb('version', '+', 1),
      title: p.title,
      shared: p.shared,
      panes: p.panes,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const markDeleted = query<{ id: string; deleted_at: number | null; updated_at: number }, unknown>(
  (k, p) =>
    k
      .updateTable('comparison')
      .set((eb) => ({ deleted_at: p.deleted_at, updated_at: p.updated_at, version: eb('version', '+', 1) }))
      .where('id', '=', p.id),
)

/** A prompt was sent. A title once given stays; what its writers see as its version stays too. */
export const touchComparison = query<Pick<ComparisonRow, 'id' | 'title' | 'used_at'>, unknown>((k, p) =>
  k
    .updateTable('comparison')
    .set({ title: p.title, used_at: p.used_at, updated_at: p.used_at })
    .where('id', '=', p.id),
)

export const insertTurn = query<TurnRow, unknown>((k, p) =>
  k
    .insertInto('comparison_turn')
    .values({ id: p.id, comparison_id: p.comparison_id, text: p.text, created_at: p.created_at }),
)

export const turnById = query<{ comparison_id: string; id: string }, TurnRow>((k, p) =>
  k
    .selectFrom('comparison_turn')
    .selectAll()
    .where('comparison_id', '=', p.comparison_id)
    .where('id', '=', p.id),
)

/** Newest first, below a turn's id. */
export const turnsBefore = query<{ comparison_id: string; before: string; limit: number }, TurnRow>((k, p) =>
  k
    .selectFrom('comparison_turn')
    .selectAll()
    .where('comparison_id', '=', p.comparison_id)
    .where('id', '<', p.before)
    .orderBy('id', 'desc')
    .limit(p.limit),
)

/** All prompts of a comparison, oldest first: what its panes go on from. */
export const allTurns = query<{ comparison_id: string }, TurnRow>((k, p) =>
  k.selectFrom('comparison_turn').selectAll().where('comparison_id', '=', p.comparison_id).orderBy('id'),
)

export const insertAnswer = query<AnswerRow, unknown>((k, p) =>
  k.insertInto('comparison_answer').values({
    id: p.id,
    comparison_id: p.comparison_id,
    turn_id: p.turn_id,
    pane_id: p.pane_id,
    model_id: p.model_id,
    model_name: p.model_name,
    generation_id: p.generation_id,
    error: p.error,
    created_at: p.created_at,
    chosen_at: p.chosen_at,
  }),
)

export const chooseAnswer = query<{ id: string; chosen_at: number }, unknown>((k, p) =>
  k.updateTable('comparison_answer').set({ chosen_at: p.chosen_at }).where('id', '=', p.id),
)

/** Answers to the prompts from one id to another, in the order they were asked for. */
export const answersBetween = query<
  { comparison_id: string; from: string; to: string },
  AnswerWithGeneration
>((k, p) =>
  k
    .selectFrom('comparison_answer')
    .leftJoin('generation', 'generation.id', 'comparison_answer.generation_id')
    .selectAll('comparison_answer')
    .select([
      'generation.state as g_state',
      'generation.seq as g_seq',
      'generation.parts as g_parts',
      'generation.meter as g_meter',
      'generation.warnings as g_warnings',
      'generation.finish_reason as g_finish_reason',
      'generation.error as g_error',
      'generation.prompt_version_id as g_prompt_version_id',
    ])
    .where('comparison_answer.comparison_id', '=', p.comparison_id)
    .where('comparison_answer.turn_id', '>=', p.from)
    .where('comparison_answer.turn_id', '<=', p.to)
    .orderBy('comparison_answer.id'),
)

/** Panes that ever answered, those removed since too. */
export const paneIdsOf = query<{ comparison_id: string }, { pane_id: string }>((k, p) =>
  k.selectFrom('comparison_answer').select('pane_id').distinct().where('comparison_id', '=', p.comparison_id),
)

export const runningIn = query<{ comparison_id: string }, { generation_id: string }>((k, p) =>
  k
    .selectFrom('comparison_answer')
    .innerJoin('generation', 'generation.id', 'comparison_answer.generation_id')
    .select('generation.id as generation_id')
    .where('comparison_answer.comparison_id', '=', p.comparison_id)
    .where('generation.state', '=', 'running'),
)

export const comparisonOfGeneration = query<{ generation_id: string }, { comparison_id: string }>((k, p) =>
  k.selectFrom('comparison_answer').select('comparison_id').where('generation_id', '=', p.generation_id),
)

export const upsertVote = query<VoteRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'comparison_vote',
    {
      id: p.id,
      comparison_id: p.comparison_id,
      turn_id: p.turn_id,
      voter_id: p.voter_id,
      choice: p.choice,
      pane_id: p.pane_id,
      answer_ids: p.answer_ids,
      voted_at: p.voted_at,
    },
    ['turn_id', 'voter_id'],
    ['choice', 'pane_id', 'answer_ids', 'voted_at'],
  ),
)

export const votesBetween = query<
  { comparison_id: string; voter_id: string; from: string; to: string },
  VoteRow
>((k, p) =>
  k
    .selectFrom('comparison_vote')
    .selectAll()
    .where('comparison_id', '=', p.comparison_id)
    .where('voter_id', '=', p.voter_id)
    .where('turn_id', '>=', p.from)
    .where('turn_id', '<=', p.to),
)
