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

function groupOf(permission: Permission): RoleGroup {
  const [area = ''] = permission.split('.')
  const found = Object.entries(groups).find(([, areas]) => (areas as readonly string[]).includes(area))
  return (found?.[0] as RoleGroup | undefined) ?? 'other'
}

/** Every permission by group, those that more of the built-in roles hold first. */
export function permissionGroups(): { group: RoleGroup; permissions: Permission[] }[] {
  const count = (one: Permission) => roles.filter((role) => rolePermissions[role].includes(one)).length
  return ([...Object.keys(groups), 'other'] as RoleGroup[])
    .map((group) => ({
      group,
      permissions: permissions
        .filter((one) => groupOf(one) === group)
        .toSorted((a, b) => count(b) - count(a)),
    }))
    .filter((group) => group.permissions.length > 0)
}
