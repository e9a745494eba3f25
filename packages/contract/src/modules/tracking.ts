import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, idParams, listOf, page, timestamp } from '../core/scalars.ts'

/** How a series is to be drawn, as the project first defined it; null where it said nothing. */
export const seriesDefinition = z.object({
  name: z.string().nullable(),
  section: z.string().nullable(),
  /** Another key, `_step` or `_relative_time`. */
  xAxis: z.string().nullable(),
  /** Not to be drawn by itself. */
  hidden: z.boolean(),
})

export const seriesInfo = seriesDefinition.extend({
  key: z.string(),
  points: z.number().int(),
  lastStep: z.number().nullable(),
  /** Null: not a number. */
  lastValue: z.number().nullable(),
  /** Unix milliseconds. */
  lastTime: z.number().nullable(),
})

/** Equal lengths; `value` null is a gap (NaN or infinite). `number` is the newest arrival that it holds. */
export const seriesPoints = z.object({
  key: z.string(),
  step: z.array(z.number()),
  value: z.array(z.number().nullable()),
  time: z.array(z.number()),
})

/** Buckets with the step and time of their first point; null is a gap. `raw`: each bucket is one stored point. */
export const chartSeries = z.object({
  key: z.string(),
  step: z.array(z.number()),
  time: z.array(z.number()),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  mean: z.array(z.number().nullable()),
  count: z.array(z.number().int()),
  /** Points in the range that are NaN or infinite. */
  notFinite: z.number().int(),
  raw: z.boolean(),
})

/** `epoch` counts the lines of one process, from 1. */
export const logLine = z.object({
  epoch: z.number().int(),
  /** Unix milliseconds. */
  time: z.number(),
  level: z.string(),
  message: z.string(),
})

/** What a run may log beside numbers. */
export const mediaKinds = [
  'IMAGE',
  'TEXT',
  'AUDIO',
  'VIDEO',
  'ECHARTS',
  'OBJECT3D',
  'MOLECULE',
  'HTML',
] as const
export const mediaKind = z.enum(mediaKinds)

/** One thing that a run logged at one step. Its bytes lie behind `url`, a signed link that ends within the hour. */
export const mediaItem = z.object({
  caption: z.string().nullable(),
  /** Of a text (shortened beyond 64 KiB), and of charts and tables their JSON; null for all else. */
  text: z.string().nullable(),
  /** Null for a text that was sent without a file, and for a file that has not arrived (yet). */
  url: z.string().nullable(),
  /** The file's name. */
  name: z.string().nullable(),
  contentType: z.string().nullable(),
  bytes: z.number().int().nullable(),
})

const storedFile = z.object({
  id,
  /** Where it lay in the run's folder. */
  path: z.string(),
  bytes: z.number().int().nullable(),
  contentType: z.string(),
  state: z.enum(['expected', 'stored', 'failed']),
  /** Ends within the hour; null unless it is stored. */
  url: z.string().nullable(),
  createdAt: timestamp,
})

export const trackingRoutes = {
  'tracking.mediaSeries': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/media-series',
    permission: 'tracking.read',
    summary: 'What a run logged beside numbers, by key: images, texts, tables and so on',
    params: idParams,
    reply: z.object({
      items: z.array(
        z.object({
          key: z.string(),
          kind: mediaKind,
          steps: z.number().int(),
          firstStep: z.number(),
          lastStep: z.number(),
        }),
      ),
    }),
  }),
  'tracking.media': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/media',
    permission: 'tracking.read',
    summary: 'What one key holds at a step (its last where none is given), and the steps that there are',
    params: idParams,
    query: z.object({ key: z.string().min(1).max(512), step: z.coerce.number().int().optional() }),
    reply: z.object({
      key: z.string(),
      kind: mediaKind,
      /** The given step, or the nearest before it; null where there is none. */
      step: z.number().nullable(),
      /** All, in order; at most 10,000. */
      steps: z.array(z.number()),
      items: z.array(mediaItem),
    }),
  }),
  'tracking.files': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/files',
    permission: 'tracking.read',
    summary: 'The files that a run saved',
    params: idParams,
    query: page,
    reply: listOf(storedFile),
  }),
  'tracking.series': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/series',
    permission: 'tracking.read',
    summary: 'The series of a tracked run with their latest values',
    params: idParams,
    reply: z.object({ items: z.array(seriesInfo) }),
  }),
  'tracking.points': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/points',
    permission: 'tracking.read',
    summary: 'Points of some series; `number` is where `watch points` goes on from',
    params: idParams,
    query: z.object({
      keys: z.string().max(8000),
      limit: z.coerce.number().int().min(1).max(20_000).default(5000),
    }),
    reply: z.object({ number: z.number().int(), series: z.array(seriesPoints) }),
  }),
  'tracking.chart': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/chart',
    permission: 'tracking.read',
    summary: 'Curves made fit for drawing, at any zoom; `keys` is a JSON array',
    params: idParams,
    query: z.object({
      keys: z.string().max(8000),
      from: z.coerce.number().optional(),
      to: z.coerce.number().optional(),
      width: z.coerce.number().int().min(1).max(4000),
      x: z.enum(['step', 'time']).default('step'),
    }),
    reply: z.object({ number: z.number().int(), series: z.array(chartSeries) }),
  }),
  'tracking.lines': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/lines',
    permission: 'tracking.read',
    summary: 'Lines of a run’s log, oldest first: the newest, or those before or after a cursor',
    params: idParams,
    query: z.object({
      before: z.string().max(50).optional(),
      after: z.string().max(50).optional(),
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
      search: z.string().max(200).optional(),
    }),
    reply: z.object({
      items: z.array(logLine),
      total: z.number().int(),
      older: z.string().nullable(),
      newer: z.string().nullable(),
    }),
  }),
}
