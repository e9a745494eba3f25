import type { RouteDefinition } from '@anneal/contract'
import type { z } from 'zod'
import type { FieldProblem } from '../errors.ts'
import { AppError } from '../errors.ts'
import { fieldProblem } from './field-problem.ts'

type Part = 'params' | 'query' | 'body'

const pointerPart = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')

function pointer(part: Part, path: readonly PropertyKey[]): string {
  const inside = path.map((key) => `/${pointerPart(key)}`).join('')
  return part === 'body' ? inside : `/${part}${inside}`
}

/** Issues of a union stand inside it; the branch that came closest says what is wrong. */
function* leaves(
  issues: readonly z.core.$ZodIssue[],
  path: readonly PropertyKey[] = [],
): Generator<z.core.$ZodIssue> {
  for (const issue of issues) {
    const whole = { ...issue, path: [...path, ...issue.path] }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? []
      yield* leaves(closest, whole.path)
    } else if (issue.code !== 'unrecognized_keys') yield whole
  }
}

function read(part: Part, schema: z.ZodType | undefined, value: unknown, problems: FieldProblem[]): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  for (const issue of leaves(result.error.issues)) {
    problems.push({ pointer: pointer(part, issue.path), ...fieldProblem(issue) })
  }
  return undefined
}

/**
 * Parses what a request brings by the route's schemas: defaults filled in, texts trimmed, undeclared fields dropped.
 * Zod itself does it: 0.3 to 0.7 µs a request where ajv takes 0.2, and no second meaning of defaults, coercion and
 * trimming.
 */
export function checkInput(
  route: Pick<RouteDefinition, 'params' | 'query' | 'body' | 'bodyKind'>,
  given: { params: unknown; query: unknown; body: unknown },
): { params: unknown; query: unknown; body: unknown } {
  const problems: FieldProblem[] = []
  const input = {
    params: read('params', route.params, given.params, problems),
    query: read('query', route.query, given.query, problems),
    body: route.bodyKind === 'stream' ? undefined : read('body', route.body, given.body, problems),
  }
  if (problems.length > 0) throw new AppError('platform.invalid-input', {}, { fields: problems.slice(0, 50) })
  return input
}
