/**
 * A column that holds encrypted texts, alone or inside a longer text (JSON). Each module declares its own
 * (`secrets` of its Module), so that a change of the master key finds all of them: what is not declared would be
 * unreadable afterwards. The tests look through every database that they leave behind for texts in other columns.
 */
export interface SecretColumn {
  readonly table: string
  /** A text column, unique in its table, by which rows are told apart. */
  readonly key: string
  readonly column: string
}

/** Settings may hold a token among other values, and what a job is to do may let someone in (a mail with its link). */
export const platformSecrets: readonly SecretColumn[] = [
  { table: 'setting', key: 'name', column: 'value' },
  { table: 'job', key: 'id', column: 'payload' },
]
