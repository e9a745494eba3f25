/** A picture of a person, by the key that its address has. */
export interface AvatarRow {
  id: string
  user_id: string
  type: string
  bytes: Uint8Array
  created_at: number
}

/** People that come by a file of lines. */
export interface UserImportRow {
  id: string
  owner_id: string
  state: 'running' | 'done' | 'failed'
  /** JSON, the lines that are to be done. */
  source: string
  total: number
  done: number
  invited: number
  updated: number
  refused: number
  mailed: number
  /** What became of each line, encrypted: it holds links. Null once it was taken. */
  results: string | null
  created_at: number
  ended_at: number | null
}

/** The deletion of a user, whose things are handed over or removed bit by bit. */
export interface UserDeletionRow {
  user_id: string
  owned: 'hand-over' | 'remove'
  /** Who gets what is handed over, and what cannot be removed. */
  heir_id: string
  state: 'running' | 'done' | 'failed'
  done: number
  total: number
  kept: number
  created_at: number
}

/** What a person wants to be told of; JSON of what they turned off and what they want by mail. */
export interface NoticeChoiceRow {
  user_id: string
  silent: string
  mailed: string
  updated_at: number
}

export interface DataExportRow {
  id: string
  user_id: string
  state: 'running' | 'ready' | 'failed'
  file_id: string | null
  bytes: number | null
  created_at: number
  expires_at: number | null
}

export interface PeopleTables {
  user_avatar: AvatarRow
  user_import: UserImportRow
  user_deletion: UserDeletionRow
  notice_choice: NoticeChoiceRow
  data_export: DataExportRow
}
