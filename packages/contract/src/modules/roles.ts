import { z } from 'zod'
import { permissions } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { largestInt, name, role, timestamp, version } from '../core/scalars.ts'

const description = z.string().trim().max(500)
const chosen = z.array(z.enum(permissions)).max(permissions.length)

/** A role with what it may do; of a built-in one, only whether it requires a second factor can be changed. */
export const roleOfInstance = z.object({
  id: role,
  builtin: z.boolean(),
  /** Null for the built-in ones, whose names are in the reader's language. */
  name: z.string().nullable(),
  description: z.string(),
  permissions: z.array(z.enum(permissions)),
  /** Whoever has this role sets up a second factor before they get in. */
  secondFactor: z.boolean(),
  /** How many users have it. */
  users: z.number().int(),
  version,
  updatedAt: timestamp,
})

const params = z.object({ id: role })

/** Roles: the four that every instance has, and own ones made of permissions. */
export const roleRoutes = {
  'auth.listRoles': route({
    method: 'GET',
    path: '/api/v1/roles',
    permission: 'users.read',
    summary: 'Every role with what it may do and how many have it: built-in ones first, own ones by name',
    reply: z.object({ items: z.array(roleOfInstance) }),
  }),
  'auth.createRole': route({
    method: 'POST',
    path: '/api/v1/roles',
    permission: 'roles.manage',
    sessionOnly: true,
    summary: 'Makes an own role of permissions; what a permission needs is added',
    body: z.object({
      name,
      description: description.default(''),
      permissions: chosen,
      secondFactor: z.boolean().default(false),
    }),
    reply: roleOfInstance,
    status: 201,
    idempotent: true,
    errors: ['auth.role-name-taken', 'auth.role-too-high', 'auth.too-many-roles'],
  }),
  'auth.updateRole': route({
    method: 'PATCH',
    path: '/api/v1/roles/:id',
    permission: 'roles.manage',
    sessionOnly: true,
    summary: 'Changes a role; whoever has it is bound by the change at once',
    params,
    body: z.object({
      version,
      name: name.optional(),
      description: description.optional(),
      permissions: chosen.optional(),
      secondFactor: z.boolean().optional(),
    }),
    reply: roleOfInstance,
    errors: [
      'auth.role-not-found',
      'auth.role-name-taken',
      'auth.role-too-high',
      'auth.role-builtin',
      'platform.stale-version',
    ],
  }),
  'auth.deleteRole': route({
    method: 'DELETE',
    path: '/api/v1/roles/:id',
    permission: 'roles.manage',
    sessionOnly: true,
    summary: 'Deletes an own role; whoever has it, or is invited to it, gets the role named instead',
    params,
    query: z.object({ version: z.coerce.number().int().min(1).max(largestInt), moveTo: role.optional() }),
    replyKind: 'empty',
    errors: [
      'auth.role-not-found',
      'auth.role-builtin',
      'auth.role-in-use',
      'auth.role-too-high',
      'platform.stale-version',
    ],
  }),
}
