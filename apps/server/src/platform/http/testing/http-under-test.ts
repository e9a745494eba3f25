import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { routes } from '@anneal/contract'
import type { Permission, RouteDefinition } from '@anneal/contract'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Actor, Platform } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { createHttp, eventsReply, fileReply, openStaticPage, redirect, textReply } from '../index.ts'
import type { AnyHandler, HandlerIo, HttpServer } from '../index.ts'
import { listen } from '../listen.ts'
import type { Config } from '../../config/index.ts'
import type { RequestLimits } from '../limits.ts'
import type { Listening } from '../listen.ts'

export const table: Record<string, RouteDefinition> = routes
export const refusals: string[] = []
export const logged: string[] = []
const actors: Record<string, Actor> = {}
const person = (permissions: Permission[]) => ({
  userId: 'u',
  name: 'U',
  role: 'member' as const,
  permissions: new Set(permissions),
  groupIds: [],
})
actors['user'] = {
  kind: 'user',
  sessionId: 's',
  ...person(['datasets.read', 'datasets.write', 'models.use']),
}
actors['key'] = {
  kind: 'key',
  keyId: 'k',
  scopes: new Set(['api:read']),
  trainingRunId: null,
  ...person(['datasets.read', 'datasets.write', 'keys.own']),
}

/* Only what the HTTP side itself uses: its own behaviour is tried here, the whole server in app.test.ts. */
export const platform = {
  config: { publicUrl: 'https://anneal.example.com', nodeUrl: null, trustProxy: false, version: '1.2.3' },
  log: {
    info: (text: string) => logged.push(text),
    warn: (text: string) => logged.push(text),
    error: (text: string, fields: object) =>
      logged.push(text, String(Object.values(fields).find((value) => value instanceof Error))),
  },
  audit: {
    refused: async (_ctx: unknown, action: string, _target: unknown, code: string) =>
      void refusals.push(`${action} ${code}`),
  },
} as unknown as Platform

export const reached: string[] = []
const replyFor: Record<string, AnyHandler> = {
  'datasets.badRows': (_ctx, { query }: { query: { limit: number } }) => {
    return {
      items: [{ row: query.limit, reason: { code: 'a.b', params: {} }, excerpt: 'e', secret: 'x' }],
      nextCursor: null,
      secret: 'x',
    }
  },
  'datasets.rows': () => ({ items: 'not a list', next: null }),
  'datasets.get': () => {
    throw new AppError('platform.stale-version', {}, { current: { version: 3 } })
  },
  'datasets.download': () =>
    fileReply({ stream: Readable.from(['abc']), size: 3, type: 'application/jsonl', name: 'Säge "1".jsonl' }),
  'datasets.upload': async (_ctx, _input, io: HandlerIo) => {
    let bytes = 0
    for await (const chunk of io.body) bytes += (chunk as Buffer).length
    throw new AppError('platform.no-space', { bytes })
  },
  'generations.stream': () =>
    eventsReply(async (send, signal) => {
      send({ id: 1, event: 'text-delta', data: { text: 'a\nb' } })
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    }),
  'swanlab.runLink': () => redirect('/tracking/w/p/runs/r'),
  'swanlab.ping': () => textReply('pong'),
  'auth.signOut': (_ctx, _input, io: HandlerIo) =>
    io.clearCookie('anneal_x_refresh', { path: '/api/v1/auth' }),
  'swanlab.metrics': () => {
    throw new AppError('auth.unauthenticated')
  },
}

export interface HttpUnderTest {
  http: HttpServer
  listening: Listening
  folder: string
}

/** The HTTP side with stand-ins for handlers, authority and page, listening while the tests of a file run. */
export function useHttp(limits?: RequestLimits, more: Partial<Config> = {}): HttpUnderTest {
  const under = { folder: '' } as HttpUnderTest
  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'anneal-page-'))
    mkdirSync(path.join(folder, 'assets'))
    writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>page</title>')
    writeFileSync(path.join(folder, 'assets/app-abc.js'), 'console.log(1)')
    writeFileSync(path.join(folder, 'assets/app-abc.js.br'), 'compressed')
    const handlers = Object.fromEntries(
      Object.keys(table).map((name) => {
        const fallback: AnyHandler = () => {
          reached.push(name)
          throw new AppError('platform.not-found')
        }
        return [name, replyFor[name] ?? fallback]
      }),
    )
    const http = createHttp({
      platform: { ...platform, config: { ...platform.config, ...more } },
      handlers,
      authority: {
        async authenticate(_platform, header) {
          if (header === null) return { kind: 'nobody' }
          const actor = actors[header.replace('Bearer ', '')]
          if (!actor) throw new AppError('auth.session-ended')
          return actor
        },
        sees: () => false,
        onEnded: () => () => {},
        setUpLink: async () => null,
      },
      idempotently: async (_ctx, _route, key, _input, run) =>
        key === 'kept' ? { items: [], nextCursor: null } : run(),
      page: openStaticPage(folder),
      ...(limits ? { limits } : {}),
    })
    const listening = await listen(http.app, ['127.0.0.1', '::1'], 0, limits)
    Object.assign(under, { http, listening, folder })
  })
  afterAll(async () => {
    under.http.refuseNew()
    await under.listening.close()
    rmSync(under.folder, { recursive: true })
  })
  afterEach(() => {
    refusals.length = 0
    logged.length = 0
    reached.length = 0
  })
  return under
}

export const id = '0193e1a0-0000-7000-8000-000000000000'
export const as = (who: 'user' | 'key', more: Record<string, string> = {}) => ({
  authorization: `Bearer ${who}`,
  ...more,
})
export const json = { 'content-type': 'application/json' }
export const filled = (route: RouteDefinition) => route.path.replaceAll(/:\w+/g, id)

/** Calls the server under test without following redirects. */
export function callTo(under: HttpUnderTest) {
  return (url: string, init: RequestInit = {}) =>
    fetch(`http://localhost:${under.listening.port}${url}`, { redirect: 'manual', ...init })
}
