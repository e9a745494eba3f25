import { z } from 'zod'
import { roles, visibilities } from './permissions.ts'

/** Made by the program (UUIDv7), opaque. */
export const id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
/** RFC 3339 in UTC with milliseconds. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/)
export const name = z.string().trim().min(1).max(200)
export const visibility = z.enum(visibilities)
/** A built-in role by its name, or an own one by its id. */
export const role = z.union([z.enum(roles), id])
export const email = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/)
export const idParams = z.object({ id })

/** What a column of 32 bits holds: a larger number is none of ours, and one of the databases refuses to look for it. */
export const largestInt = 2 ** 31 - 1

/** Written by someone: the number that a later write must name, or gets a 409. */
export const version = z.number().int().min(1).max(largestInt)

export const page = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(30),
})

/** A page of a list; `nextCursor` is null at its end. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** Who owns a resource, who sees it, and what the asker may do with it. */
export const resourceFields = {
  id,
  ownerId: id,
  ownerName: z.string(),
  visibility,
  version,
  createdAt: timestamp,
  updatedAt: timestamp,
  /** What the asker may do with this one. */
  may: z.array(z.enum(['read', 'use', 'edit', 'manage'])),
}
