import type { StreamEvent } from './stream-events.ts'

/**
 * The page's one WebSocket, `/api/v1/socket`. The page sends objects, the server arrays of messages (one frame a tick).
 * The first message is `hello` with the access token; the server closes with 4401 when the session has ended,
 * 4408 for a missing hello, 4429 for a reader that is too slow (it comes back and resumes by number),
 * 4503 when the server goes down (come back soon).
 */
export type SocketRequest =
  | { type: 'hello'; token: string; /** the last change seen */ after?: number }
  | { type: 'token'; token: string }
  | {
      type: 'watch'
      topic: SocketTopic
      id: string
      /** the last number seen of this topic */ after?: number
    }
  | { type: 'unwatch'; topic: SocketTopic; id: string }

/** `generation`: an answer's deltas by sequence number. `points`: a tracked run's new points by arrival number.
 *  `log`: lines of a training run, deployment or engine preparation, by line number. */
export const socketTopics = ['generation', 'points', 'log'] as const
export type SocketTopic = (typeof socketTopics)[number]

/** A change of a resource, numbered after commit; the page re-reads what it shows of it. */
export interface Change {
  kind: string
  id: string
  change: 'created' | 'updated' | 'deleted' | 'restored'
  /** Small facts that spare a re-read (a state, a progress); never anything secret. */
  data?: Record<string, unknown>
}

export interface NumberedStreamEvent {
  /** From 1, without gaps, within one generation. */
  seq: number
  event: StreamEvent
}

/** New points of one series, columns of equal length. `value` null is not a number (a gap). */
export interface PointsMessage {
  key: string
  step: number[]
  value: (number | null)[]
  /** Unix milliseconds of each point. */
  time: number[]
}

export interface LogLine {
  /** From 1, without gaps, within one log. */
  line: number
  /** Unix milliseconds. */
  time: number
  level: 'info' | 'warning' | 'error'
  text: string
}

export type SocketMessage =
  | {
      type: 'ready'
      /** the newest change so far */ latest: number
      /** older changes are gone: re-read all */ reset?: true
    }
  | { type: 'change'; number: number; change: Change }
  | { type: 'generation'; id: string; events: NumberedStreamEvent[]; done?: true }
  | {
      type: 'points'
      id: string
      after: number
      series: PointsMessage[]
      /** what arrived is no longer known one by one: re-read the run's points */ reset?: true
      /** lines of its log arrived */ lines?: true
    }
  | { type: 'log'; id: string; lines: LogLine[] }
  | { type: 'refused'; topic: SocketTopic; id: string; code: string }
