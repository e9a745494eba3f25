import { defineQuery } from '../../platform/db/index.ts'
import type { FailureRow, ModelTables } from './models.tables.ts'

const query = defineQuery<ModelTables>()

/** A model's failures that are kept. */
export const keptFailures = 20

export const insertFailure = query<FailureRow, unknown>((k, p) =>
  k.insertInto('model_failure').values({
    id: p.id,
    model_id: p.model_id,
    connection_id: p.connection_id,
    code: p.code,
    params: p.params,
    failed_at: p.failed_at,
  }),
)

export const failuresOfModel = query<{ model_id: string; limit: number }, FailureRow>((k, p) =>
  k
    .selectFrom('model_failure')
    .selectAll()
    .where('model_id', '=', p.model_id)
    .orderBy('failed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit),
)

export const failuresOfConnection = query<{ connection_id: string; limit: number }, FailureRow>((k, p) =>
  k
    .selectFrom('model_failure')
    .selectAll()
    .where('connection_id', '=', p.connection_id)
    .orderBy('failed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit),
)

/** Those before the last one that is kept; ids grow with time. */
export const deleteFailuresBefore = query<{ model_id: string; failed_at: number }, unknown>((k, p) =>
  k.deleteFrom('model_failure').where('model_id', '=', p.model_id).where('failed_at', '<', p.failed_at),
)
