import { routes } from '@anneal/contract'
import type { RouteDefinition } from '@anneal/contract'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createAjv, replyCheck } from './check-reply.ts'
import { toReplySchema } from './json-schema.ts'

const check = (schema: z.ZodType, value: unknown) => replyCheck(schema, createAjv())(value)

test('undeclared fields are removed at every depth, records and unknown values are kept', () => {
  const schema = z.object({
    name: z.string(),
    inner: z.object({ id: z.string() }).nullable(),
    items: z.array(z.object({ n: z.number() })),
    free: z.record(z.string(), z.unknown()),
    optional: z.string().optional(),
  })
  const value = {
    name: 'a',
    secret: 'x',
    inner: { id: '1', secret: 'x' },
    items: [{ n: 1, secret: 'x' }],
    free: { any: { thing: 1 } },
    optional: undefined,
  }
  expect(check(schema, value)).toBeNull()
  expect(value).toEqual({ name: 'a', inner: { id: '1' }, items: [{ n: 1 }], free: { any: { thing: 1 } } })
})

test('a union is stripped by the branch that its discriminator names', () => {
  const schema = z.discriminatedUnion('type', [
    z.object({ type: z.literal('a'), text: z.string() }),
    z.object({ type: z.literal('b'), count: z.number() }),
  ])
  const value = { type: 'b', count: 2, text: 'not of this branch' }
  expect(check(schema, value)).toBeNull()
  expect(value).toEqual({ type: 'b', count: 2 })
})

test.each([
  [z.object({ n: z.number() }), { n: '1' }],
  [z.object({ n: z.number().int() }), { n: 1.5 }],
  [z.object({ n: z.number() }), { n: Number.NaN }],
  [z.object({ n: z.string() }), { n: null }],
  [z.object({ n: z.string() }), {}],
  [z.object({ n: z.enum(['a', 'b']) }), { n: 'c' }],
])('what does not fit is said, never sent (%#)', (schema, value) => {
  expect(check(schema, value)).not.toBeNull()
})

function* schemasIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  yield value as Record<string, unknown>
  for (const inner of Object.values(value)) yield* schemasIn(inner)
}

const withReply = Object.entries<RouteDefinition>(routes).filter(([, route]) => route.reply)

test.each(withReply)(
  'the reply of %s compiles, and no union of objects lacks its discriminator',
  (_name, route) => {
    const schema = toReplySchema(route.reply!)
    createAjv().compile(schema)
    for (const part of schemasIn(schema)) {
      for (const branches of [part.anyOf, part.oneOf]) {
        if (!Array.isArray(branches) || part.discriminator) continue
        expect(branches.filter((branch) => branch.type === 'object').length).toBeLessThan(2)
      }
    }
  },
)
