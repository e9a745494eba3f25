/** Every permission there is. A role is a set of them; a resource's own grants come on top (`can` in modules/auth). */
export const permissions = [
  'users.read',
  'users.manage',
  'groups.manage',
  'roles.manage',
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
  'resources.shared',
  'resources.all',
  'conversations.others',
] as const

export type Permission = (typeof permissions)[number]

/** The roles that every instance has, strongest first; what they may do is fixed. */
export const roles = ['administrator', 'manager', 'member', 'viewer'] as const
export type BuiltinRole = (typeof roles)[number]
/** A built-in role by its name, or one of the instance's own by its id. */
export type Role = BuiltinRole | (string & {})

export function isBuiltinRole(role: Role): role is BuiltinRole {
  return (roles as readonly string[]).includes(role)
}

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
  'resources.shared',
]

/** What each built-in role may do. */
export const rolePermissions: Readonly<Record<BuiltinRole, readonly Permission[]>> = {
  administrator: permissions,
  manager,
  member,
  viewer,
}

/** Permissions without which another is of no use: whoever is given the one is given these too. */
export const permissionNeeds: Readonly<Partial<Record<Permission, readonly Permission[]>>> = {
  'users.manage': ['users.read'],
  'groups.manage': ['users.read'],
  'roles.manage': ['users.read'],
  'connections.manage': ['models.read'],
  'models.use': ['models.read'],
  'models.manage': ['models.read'],
  'chat.use': ['models.use', 'models.read'],
  'compare.use': ['models.use', 'models.read'],
  'prompts.write': ['prompts.read'],
  'prompts.publish': ['prompts.read'],
  'datasets.write': ['datasets.read'],
  'training.write': ['training.read', 'datasets.read'],
  'tracking.write': ['tracking.read'],
  'deployments.manage': ['deployments.read'],
}

/** What a list of permissions comes to, with what each needs, in the order of `permissions`. */
export function withNeeded(given: Iterable<Permission>): Permission[] {
  const all = new Set<Permission>()
  for (const one of given) for (const each of [one, ...(permissionNeeds[one] ?? [])]) all.add(each)
  return permissions.filter((one) => all.has(one))
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

/** What can be shared: every resource but people. */
export const accessKinds = [
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
] as const satisfies readonly ResourceKind[]
export type AccessKind = (typeof accessKinds)[number]

export const visibilities = ['private', 'groups', 'everyone'] as const
export type Visibility = (typeof visibilities)[number]

export const keyScopes = ['gateway', 'tracking', 'api:read', 'api:write'] as const
export type KeyScope = (typeof keyScopes)[number]
