import type { Migration, Words } from '../../../platform/db/index.ts'

const groupFacts = (w: Words) => [
  w.addColumn('user_group', 'description', w.text(500)),
  w.addColumn('user_group_member', 'manages', w.bool),
]

export const groupMigrations: Migration[] = [{ id: 'auth.030-groups', statements: groupFacts }]
