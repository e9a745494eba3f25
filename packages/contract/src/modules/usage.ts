import { z } from 'zod'
import { route } from '../core/route.ts'
import { timestamp } from '../core/scalars.ts'

const money = z.object({
  currency: z.string(),
  /** Micro-units. */
  micros: z.number().int(),
})

/** What calls took together. Tokens as the providers said; `costs` has one sum a currency, never converted. */
const sums = {
  requests: z.number().int(),
  /** Of them, those that failed. */
  errors: z.number().int(),
  inputTokens: z.number().int(),
  cachedInputTokens: z.number().int(),
  reasoningTokens: z.number().int(),
  outputTokens: z.number().int(),
  costs: z.array(money),
}
export const usageSums = z.object({
  ...sums,
  /** Calls of which no cost is known: their model had no price, or the provider told no tokens. */
  unpriced: z.number().int(),
  /** Median milliseconds to the first token, to within 3%; null where nothing came. */
  firstTokenMs: z.number().nullable(),
})

export const usageDimension = z.enum(['model', 'user', 'key', 'via'])

/** One model, user, key or way in. */
const group = z.object({
  /** The id, or the way in; null for calls that had none. */
  key: z.string().nullable(),
  /** Null where nothing of that id is known any more. */
  name: z.string().nullable(),
  ...sums,
})

const usageQuery = z.object({
  /** Cut down to the quarter of an hour. */
  from: timestamp,
  to: timestamp,
  /** IANA zone of the days; the instance's where absent. */
  zone: z.string().max(60).optional(),
  /** What the days are split by. */
  by: usageDimension.default('model'),
})

const usageReport = z.object({
  from: timestamp,
  to: timestamp,
  zone: z.string(),
  totals: usageSums,
  /** The same length of time before; null where nothing was called then. */
  before: usageSums.nullable(),
  days: z.array(
    z.object({
      /** In the zone. */
      day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
      /** The largest of the whole span; all others together, under the key `rest`. */
      groups: z.array(group),
    }),
  ),
  /** The dearest first, then by requests; at most 200 each. */
  groups: z.object({
    model: z.array(group),
    user: z.array(group),
    key: z.array(group),
    via: z.array(group),
  }),
})

export const usageRoutes = {
  'usage.report': route({
    method: 'GET',
    path: '/api/v1/usage',
    permission: 'usage.read',
    summary: 'Requests, errors, tokens and cost of everyone, by day, model, user, key and way in',
    query: usageQuery,
    reply: usageReport,
    errors: ['usage.bad-range', 'usage.bad-zone'],
  }),
  'usage.mine': route({
    method: 'GET',
    path: '/api/v1/usage/mine',
    permission: 'signed-in',
    summary: "The same of the asker's own calls",
    query: usageQuery,
    reply: usageReport,
    errors: ['usage.bad-range', 'usage.bad-zone'],
  }),
  'usage.export': route({
    method: 'GET',
    path: '/api/v1/usage/export',
    permission: 'usage.read',
    summary: 'The days as comma-separated values, a line per day, model, user, key, way in and currency',
    query: usageQuery.omit({ by: true }),
    replyKind: 'file',
    errors: ['usage.bad-range', 'usage.bad-zone'],
  }),
}
