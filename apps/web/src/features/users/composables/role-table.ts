import type { Permission } from '@anneal/contract'
import { permissions, rolePermissions, roles } from '@anneal/contract/permissions'

/** Which part of the house a permission belongs to, by its first word. */
const groups = {
  use: ['chat', 'compare'],
  build: ['prompts', 'datasets'],
  train: ['training', 'tracking', 'engine'],
  serve: ['models', 'connections', 'deployments', 'keys', 'gateway'],
  govern: ['users', 'groups', 'roles', 'usage', 'audit', 'settings', 'resources', 'conversations'],
} as const

export type RoleGroup = keyof typeof groups | 'other'

export interface PermissionRow {
  permission: Permission
  /** By role, in their order. */
  may: boolean[]
}

function groupOf(permission: Permission): RoleGroup {
  const [area = ''] = permission.split('.')
  const found = Object.entries(groups).find(([, areas]) => (areas as readonly string[]).includes(area))
  return (found?.[0] as RoleGroup | undefined) ?? 'other'
}

/** What each role may do, as the server decides it; by group, those that more people have first. */
export function roleTable(): { group: RoleGroup; rows: PermissionRow[] }[] {
  const rows = permissions.map((permission) => ({
    permission,
    may: roles.map((role) => rolePermissions[role].includes(permission)),
  }))
  const count = ({ may }: PermissionRow) => may.filter(Boolean).length
  return ([...Object.keys(groups), 'other'] as RoleGroup[])
    .map((group) => ({
      group,
      rows: rows
        .filter(({ permission }) => groupOf(permission) === group)
        .toSorted((a, b) => count(b) - count(a)),
    }))
    .filter((group) => group.rows.length > 0)
}
