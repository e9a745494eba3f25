import type { KeyScope } from '@anneal/contract'
import { keyScopes, scalars } from '@anneal/contract'
import { z } from 'zod'
import { createAdministrator, createKeyFor } from '../modules/auth/index.ts'
import type { Platform } from '../platform/context.ts'

const scope = z.enum(keyScopes as readonly [KeyScope, ...KeyScope[]])

const inputs = {
  'create-admin': z.object({ email: scalars.email, name: scalars.name.optional(), password: z.string() }),
  'create-key': z.object({ email: scalars.email, scopes: z.array(scope).optional() }),
  doctor: z.object({}),
}

export type OperationName = keyof typeof inputs
export type OperationInput<N extends OperationName> = z.input<(typeof inputs)[N]>

const operations: {
  [N in OperationName]: (platform: Platform, input: z.output<(typeof inputs)[N]>) => Promise<string[]>
} = {
  async 'create-admin'(platform, input) {
    const { email } = await createAdministrator(platform, input)
    return [`Administrator ${email} is made.`]
  },
  async 'create-key'(platform, input) {
    return [await createKeyFor(platform, input)]
  },
  async doctor(platform) {
    await platform.db.ping()
    return [`ok      database answers: ${platform.db.product}`]
  },
}

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(inputs, name)
}

/** Does one thing for the operator, in a server that runs or with the database opened for it; gives lines to print. */
export async function runOperation(
  platform: Platform,
  name: OperationName,
  given: unknown,
): Promise<string[]> {
  const input = inputs[name].parse(given)
  return operations[name](platform, input as never)
}
