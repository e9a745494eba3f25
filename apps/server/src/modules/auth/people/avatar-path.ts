import type { UserRow } from '../auth.tables.ts'

/** Where a person's picture is fetched; null where there is none. */
export function avatarPath({ avatar }: Pick<UserRow, 'avatar'>): string | null {
  return avatar ? `/api/v1/avatars/${avatar}` : null
}
