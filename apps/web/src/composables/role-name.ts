import type { Role } from '@anneal/contract'
import { useTexts } from './texts.ts'

/** A role in words: an own role by its name, a built-in one in the reader's language. */
export function useRoleName() {
  const { t } = useTexts()
  return (of: { role: Role; roleName: string | null }): string => of.roleName ?? t(`auth.role.${of.role}`)
}
