import type { RouteDefinition } from '@anneal/contract'
import type { Context } from '../context.ts'

/** Runs a write once for each `Idempotency-Key` and gives its kept reply to later ones. */
export type RunIdempotently = (
  ctx: Context,
  route: RouteDefinition,
  key: string,
  input: { params: unknown; query: unknown; body: unknown },
  run: () => Promise<unknown>,
) => Promise<unknown>
