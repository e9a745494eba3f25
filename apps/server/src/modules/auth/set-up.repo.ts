import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables, SetUpLinkRow } from './auth.tables.ts'

const query = defineQuery<AuthTables>()

export const linkByHash = query<{ hash: string }, SetUpLinkRow>((k, p) =>
  k.selectFrom('set_up_link').selectAll().where('token_hash', '=', p.hash),
)

export const insertLink = query<SetUpLinkRow, unknown>((k, p) =>
  k.insertInto('set_up_link').values({ id: p.id, token_hash: p.token_hash, created_at: p.created_at }),
)

export const deleteLinkOf = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('set_up_link').where('id', '=', p.id),
)
