import { z } from 'zod'

type Direction = 'input' | 'output'
type JsonSchema = z.core.JSONSchema.JSONSchema

/** JSON Schema 2020-12 of a zod schema; `input`: what a client may send, `output`: what it gets. */
export function toJsonSchema(schema: z.ZodType, direction: Direction): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: direction,
    unrepresentable: 'any',
    reused: 'inline',
  })
  return rest
}

/**
 * A union of two whose second alone has a certain property (`x-parted-by`): the branch is chosen by it before anything
 * is stripped.
 */
function partBy(schema: JsonSchema): void {
  const property = schema['x-parted-by']
  if (typeof property !== 'string') return
  const [without, having] = schema.anyOf ?? []
  delete schema['x-parted-by']
  delete schema.anyOf
  Object.assign(schema, { if: { required: [property] }, then: having, else: without })
}

/**
 * The schema that replies are stripped by. Forms and lengths are left out (they are the program's own, and patterns
 * cost more than all else); unions name their discriminator, without which ajv strips by the wrong branch.
 */
export function toReplySchema(schema: z.ZodType): JsonSchema {
  const converted = z.toJSONSchema(schema, {
    io: 'output',
    unrepresentable: 'any',
    reused: 'inline',
    override({ zodSchema, jsonSchema }) {
      for (const word of ['pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'] as const) {
        delete jsonSchema[word]
      }
      delete jsonSchema.default
      const definition = zodSchema._zod.def
      if (definition.type === 'union' && 'discriminator' in definition) {
        jsonSchema.discriminator = { propertyName: definition.discriminator }
      }
      partBy(jsonSchema)
    },
  })
  const { $schema: _, ...rest } = converted
  return rest
}
