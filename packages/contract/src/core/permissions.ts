/** Every permission there is. A role is a set of them; a resource's own grants come on top (`can` in modules/auth). */
export const permissions = [
  'users.read',
  'users.manage',
  'connections.manage',
  'models.read',
  'models.use',
  'models.manage',
  'chat.use',
  'compare.use',
  'prompts.read',
  'prompts.write',
  'prompts.publish',
  'datasets.read',
  'datasets.write',
  'training.read',
  'training.write',
  'tracking.read',
  'tracking.write',
  'deployments.read',
  'deployments.manage',
  'keys.own',
  'usage.read',
  'audit.read',
  'settings.manage',
  'engine.manage',
] as const

export type Permission = (typeof permissions)[number]

export const roles = ['administrator', 'manager', 'member', 'viewer'] as const
export type Role = (typeof roles)[number]

const viewer: readonly Permission[] = [
  'models.read',
  'prompts.read',
  'datasets.read',
  'training.read',
  'tracking.read',
  'deployments.read',
]

const member: readonly Permission[] = [
  ...viewer,
  'models.use',
  'chat.use',
  'compare.use',
  'prompts.write',
  'datasets.write',
  'training.write',
  'tracking.write',
  'keys.own',
]

const manager: readonly Permission[] = [
  ...member,
  'users.read',
  'connections.manage',
  'models.manage',
  'prompts.publish',
  'deployments.manage',
  'usage.read',
  'engine.manage',
]

/** What each built-in role may do. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: permissions,
  manager,
  member,
  viewer,
}

/** What an actor may be allowed on one resource, weakest first; each includes those before it. */
export const resourceActions = ['read', 'use', 'edit', 'manage'] as const
export type ResourceAction = (typeof resourceActions)[number]

export const resourceKinds = [
  'connection',
  'model',
  'conversation',
  'comparison',
  'prompt',
  'dataset',
  'project',
  'tracked-run',
  'training-run',
  'deployment',
  'user',
] as const
export type ResourceKind = (typeof resourceKinds)[number]

export const visibilities = ['private', 'groups', 'everyone'] as const
export type Visibility = (typeof visibilities)[number]

export const keyScopes = ['gateway', 'tracking', 'api:read', 'api:write'] as const
export type KeyScope = (typeof keyScopes)[number]
