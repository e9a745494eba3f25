import { errorStatus } from '@anneal/contract'
import type { RouteDefinition } from '@anneal/contract'
import { texts } from '@anneal/contract/texts/en'
import type { z } from 'zod'
import { errorText } from './catalogue.ts'
import { toJsonSchema } from './json-schema.ts'

type Json = Record<string, unknown>

const tags: Record<string, string> = { swanlab: 'SwanLab protocol' }

function parameters(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  if (!schema) return []
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType
    return {
      name,
      in: place,
      required: place === 'path' || !type.isOptional(),
      schema: toJsonSchema(type, 'input'),
    }
  })
}

/** Parameters of the path that no schema speaks of. */
function bareParameters(definition: RouteDefinition): Json[] {
  if (definition.params) return []
  const names = [...definition.path.matchAll(/:(\w+)/g)].map((match) => match[1])
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function errorCodes(definition: RouteDefinition): string[] {
  const { permission, idempotent, sessionOnly } = definition
  return [
    ...((definition.params ?? definition.query ?? definition.body) ? ['platform.invalid-input'] : []),
    ...(permission === 'public' ? [] : ['auth.unauthenticated', 'auth.scope-missing']),
    ...(permission === 'public' || permission === 'signed-in' ? [] : ['auth.forbidden']),
    ...(sessionOnly ? ['auth.session-needed'] : []),
    ...(idempotent ? ['platform.idempotency-mismatch', 'platform.idempotency-running'] : []),
    ...(definition.errors ?? []),
  ]
}

function errorReplies(definition: RouteDefinition): Json {
  const byStatus = new Map<number, string[]>()
  for (const code of errorCodes(definition)) {
    const status = (errorStatus as Record<string, number>)[code]
    if (status !== undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const [type, schema] = errorShapes[definition.dialect ?? 'problem']
  const content = { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } }
  const known = [...byStatus].map(([status, codes]) => {
    const description = codes.map((code) => `\`${code}\`: ${errorText('en', code).title}`).join('\n\n')
    return [String(status), { description, 'x-codes': codes, content }] as const
  })
  // A body that is no JSON, too large or of another type, a limit that was met: any route may answer these.
  const any = { description: 'The request is at fault; the code says how', content }
  return Object.fromEntries([...known, ['4XX', any]])
}

/** Media type and schema of an error, by whose clients read it. */
const errorShapes = {
  problem: ['application/problem+json', 'Problem'],
  swanlab: ['application/json', 'SwanlabError'],
  openai: ['application/json', 'OpenaiError'],
} as const

const mediaTypes: Record<string, string> = {
  file: 'application/octet-stream',
  text: 'text/plain',
  events: 'text/event-stream',
}

function goodReply(definition: RouteDefinition): Json {
  const kind = definition.replyKind ?? 'json'
  if (kind === 'empty') return { [definition.status ?? 204]: { description: 'Done' } }
  if (kind === 'redirect')
    return {
      [definition.status ?? 302]: {
        description: 'Where it is',
        headers: { Location: { schema: { type: 'string' } } },
      },
    }
  const events = definition.alsoEvents ? { 'text/event-stream': {} } : {}
  const content =
    kind === 'json'
      ? {
          'application/json': { schema: definition.reply ? toJsonSchema(definition.reply, 'output') : {} },
          ...events,
        }
      : {
          [mediaTypes[kind] ?? 'application/octet-stream']:
            kind === 'events' ? {} : { schema: { type: 'string' } },
        }
  return { [definition.status ?? 200]: { description: definition.summary, content } }
}

function requestBody(definition: RouteDefinition): Json {
  if (definition.bodyKind === 'stream') {
    return {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }
  }
  if (!definition.body) return {}
  const schema = toJsonSchema(definition.body, 'input')
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}

function operation(name: string, definition: RouteDefinition): Json {
  const [module = ''] = name.split('.')
  const isPublic = definition.permission === 'public'
  const idempotency = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: { type: 'string', maxLength: 200 },
  }
  const listed = [
    ...bareParameters(definition),
    ...parameters('path', definition.params),
    ...parameters('query', definition.query),
    ...(definition.idempotent ? [idempotency] : []),
  ]
  return {
    operationId: name,
    summary: definition.summary,
    tags: [tags[module] ?? module],
    'x-permission': definition.permission,
    ...(isPublic ? { security: [] } : {}),
    ...(listed.length > 0 ? { parameters: listed } : {}),
    ...requestBody(definition),
    responses: { ...goodReply(definition), ...errorReplies(definition) },
  }
}

const swanlabErrorSchema = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { type: 'string' }, message: { type: 'string' } },
}

const openaiErrorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        code: { type: ['string', 'null'] },
      },
    },
  },
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'module.reason' },
    detail: { type: 'string' },
    params: { type: 'object' },
    requestId: { type: 'string' },
    current: { description: 'The present state, with `platform.stale-version`' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
  examples: [
    {
      type: 'about:blank',
      ...texts.platform.errors['invalid-input'],
      status: 422,
      code: 'platform.invalid-input',
      params: {},
      requestId: 'k3x9-1f',
      errors: [{ pointer: '/name', code: 'required', params: {}, detail: texts.platform.fields.required }],
    },
  ],
}

/** OpenAPI 3.1 of the contract's table of routes, as JSON text. */
export function openApiDocument(routes: Readonly<Record<string, RouteDefinition>>, version: string): string {
  const paths: Record<string, Json> = {}
  for (const [name, definition] of Object.entries(routes)) {
    const address = definition.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[address] = { ...paths[address], [definition.method.toLowerCase()]: operation(name, definition) }
  }
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Anneal', version, description: 'Times are RFC 3339 in UTC; lists are paged by cursor.' },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of a session, or an API key.',
        },
      },
      schemas: { Problem: problemSchema, SwanlabError: swanlabErrorSchema, OpenaiError: openaiErrorSchema },
      'x-error-codes': errorStatus,
    },
  })
}
