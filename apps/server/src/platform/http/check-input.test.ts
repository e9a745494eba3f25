import { routes } from '@anneal/contract'
import type { RouteDefinition } from '@anneal/contract'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { checkInput } from './check-input.ts'

const route: RouteDefinition = {
  method: 'POST',
  path: '/x/:id',
  permission: 'public',
  summary: '',
  params: z.object({ id: z.string().regex(/^\d+$/) }),
  query: z.object({ limit: z.coerce.number().int().max(10).default(3) }),
  body: z.object({
    name: z.string().trim().min(1).max(5),
    kind: z.enum(['a', 'b']).default('a'),
    tags: z
      .array(z.object({ 'a/b': z.string() }))
      .max(1)
      .optional(),
    tuning: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('full') }),
        z.object({ kind: z.literal('lora'), rank: z.number() }),
      ])
      .optional(),
  }),
}

function problems(given: Partial<Parameters<typeof checkInput>[1]>) {
  try {
    checkInput(route, { params: { id: '1' }, query: {}, body: { name: 'n' }, ...given })
  } catch (error) {
    if (error instanceof AppError) return error.fields
    throw error
  }
  return undefined
}

test('defaults are filled in, texts trimmed, undeclared fields dropped, queries read as numbers', () => {
  const input = checkInput(route, {
    params: { id: '7' },
    query: { limit: '5' },
    body: { name: '  abc ', extra: 1 },
  })
  expect(input).toEqual({ params: { id: '7' }, query: { limit: 5 }, body: { name: 'abc', kind: 'a' } })
})

test.each([
  [{ body: undefined }, [{ pointer: '', code: 'required' }]],
  [{ body: [] }, [{ pointer: '', code: 'wrong-type', params: { type: 'object' } }]],
  [{ body: {} }, [{ pointer: '/name', code: 'required' }]],
  [{ body: { name: '   ' } }, [{ pointer: '/name', code: 'required' }]],
  [{ body: { name: 'abcdef' } }, [{ pointer: '/name', code: 'too-long', params: { n: 5 } }]],
  [{ body: { name: 3 } }, [{ pointer: '/name', code: 'wrong-type', params: { type: 'string' } }]],
  [
    { body: { name: 'a', kind: 'z' } },
    [{ pointer: '/kind', code: 'not-one-of', params: { choices: 'a, b' } }],
  ],
  [{ body: { name: 'a', tags: [{}] } }, [{ pointer: '/tags/0/a~1b', code: 'required' }]],
  [{ body: { name: 'a', tuning: { kind: 'lora' } } }, [{ pointer: '/tuning/rank', code: 'required' }]],
  [{ query: { limit: '99' } }, [{ pointer: '/query/limit', code: 'too-large', params: { limit: 10 } }]],
  [{ params: { id: 'x' } }, [{ pointer: '/params/id', code: 'wrong-format' }]],
])('%o is refused with a pointer', (given, expected) => {
  expect(problems(given)).toEqual(expected)
})

test('an address of any route with a bad id is refused, whatever the route', () => {
  const withId = Object.values<RouteDefinition>(routes).filter((each) => each.params?.shape.id)
  expect(withId.length).toBeGreaterThan(10)
  for (const each of withId) {
    expect(() =>
      checkInput(
        { ...each, body: undefined, query: undefined },
        { params: { id: '../x' }, query: {}, body: {} },
      ),
    ).toThrow('platform.invalid-input')
  }
})
