import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import type { z } from 'zod'
import { toReplySchema } from './json-schema.ts'

/** What did not fit, for the log. */
export type ReplyCheck = (value: unknown) => string | null

function describe(errors: readonly ErrorObject[] | null | undefined): string {
  return (errors ?? [])
    .map((error) => `${error.instancePath || '/'} ${error.message ?? error.keyword}`)
    .join('; ')
}

/**
 * Checks a reply and removes, in place, what its schema does not declare. Compiled at the first reply: a server that
 * starts has no use for a hundred compiled schemas yet.
 */
export function replyCheck(schema: z.ZodType, ajv: Ajv2020): ReplyCheck {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv.compile(toReplySchema(schema))
    return validate(value) ? null : describe(validate.errors)
  }
}

export function createAjv(): Ajv2020 {
  return new Ajv2020({
    removeAdditional: true,
    discriminator: true,
    strictSchema: true,
    strictTypes: false,
    addUsedSchema: false,
  })
}
