import { type Migration, type Tx, defineQuery } from '../db/index.ts'
import { tokensOf } from './tokens.ts'

export { askedOf, tokensOf } from './tokens.ts'
export type { Asked } from './tokens.ts'

export interface SearchTokenRow {
  kind: string
  token: string
  owner_id: string
  resource_id: string
}

const query = defineQuery<{ search_token: SearchTokenRow }>()

export const searchMigrations: Migration[] = [
  {
    id: 'search.001-token',
    statements: (words) => [
      words.createTable(
        'search_token',
        {
          kind: `${words.text(30)} not null`,
          owner_id: `${words.id} not null`,
          token: `${words.text(40)} not null`,
          resource_id: `${words.id} not null`,
        },
        ['primary key (kind, owner_id, token, resource_id)'],
      ),
      words.createIndex('search_token_resource', 'search_token', ['resource_id']),
    ],
  },
]

const removeTokens = query<{ resource_id: string }, unknown>((k, p) =>
  k.deleteFrom('search_token').where('resource_id', '=', p.resource_id),
)

const insertToken = query<SearchTokenRow, unknown>((k, p) =>
  k.insertInto('search_token').values({
    kind: p.kind,
    owner_id: p.owner_id,
    token: p.token,
    resource_id: p.resource_id,
  }),
)

/** Makes a resource findable by a text, in place of what it was found by before. */
export async function indexText(
  tx: Tx,
  resource: { kind: string; id: string; ownerId: string },
  text: string,
): Promise<void> {
  await tx.run(removeTokens, { resource_id: resource.id })
  for (const token of tokensOf(text)) {
    await tx.run(insertToken, {
      kind: resource.kind,
      owner_id: resource.ownerId,
      token,
      resource_id: resource.id,
    })
  }
}
