import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asArray, asRecord, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import { anthropicWire } from './anthropic-wire.ts'
import { ollamaWire } from './ollama-wire.ts'
import { deepSeekWire, openAiWire, transformersServeWire } from './openai-wire.ts'
import { play } from './play.ts'
import type { FailMode } from './play.ts'
import { defaultReply, seededRandom } from './script.ts'
import type { ScriptedReply, StandInChat } from './script.ts'
import type { StandInKind, WireFormat } from './wire.ts'

export interface StandInOptions {
  /** Which provider it speaks as; `deepseek` if left out. OpenAI itself shows no reasoning, so `openai` sends none. */
  kind?: StandInKind
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  /** If given, requests without it are answered 401. */
  apiKey?: string
  /** What the list of models names; `stand-in` by default. Any model is answered, listed or not. */
  models?: string[]
  /** `false` answers the list of models with 404, as servers do that have none. */
  offersModels?: boolean
  reply?(chat: StandInChat): ScriptedReply
  /** Puts the reasoning before the text in `<think>` tags, as servers do that do not split it. */
  reasoningInTags?: boolean
  tokenDelayMs?: number
  firstTokenDelayMs?: number
  /** Cuts what is written at random places that this seed makes repeatable. */
  cutSeed?: number
  /** How it goes wrong; a function is asked for each chat with its number, from 0. */
  fail?: FailMode | ((chat: StandInChat, index: number) => FailMode | undefined)
}

/** One request that came, chats and lists alike. */
export interface StandInRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: JsonRecord | undefined
  /** `performance.now()` when its body was read. */
  receivedAt: number
  /** The reply was written to its end. */
  answered: boolean
  /** The caller went away before the end, and when (`performance.now()`). */
  aborted: boolean
  abortedAt: number | undefined
}

export interface ProviderStandIn {
  /** Without a path, as a person would type it: `http://127.0.0.1:<port>`. */
  url: string
  requests: StandInRequest[]
  /** Changes how it behaves from the next request on. */
  set(options: Omit<StandInOptions, 'kind' | 'port' | 'host'>): void
  close(): Promise<void>
}

const FORMATS: Record<StandInKind, WireFormat> = {
  openai: openAiWire,
  deepseek: deepSeekWire,
  'transformers-serve': transformersServeWire,
  anthropic: anthropicWire,
  ollama: ollamaWire,
}

const readJson = async (request: IncomingMessage): Promise<JsonRecord | undefined> => {
  let text = ''
  request.setEncoding('utf8')
  for await (const part of request) text += String(part)
  try {
    return asRecord(JSON.parse(text))
  } catch {
    return undefined
  }
}

const chatOf = (body: JsonRecord): StandInChat => {
  const users = asArray(body.messages)
    .map(asRecord)
    .filter((message) => message?.role === 'user')
  const content = users.at(-1)?.content
  const texts = asArray(content).map((part) => asString(asRecord(part)?.text) ?? '')
  return { model: asString(body.model) ?? '', prompt: asString(content) ?? texts.join('\n'), body }
}

const inTags = ({ reasoning, text = '', ...rest }: ScriptedReply): ScriptedReply => ({
  ...rest,
  text: reasoning ? `<think>\n${reasoning}\n</think>\n\n${text}` : text,
})

const sendJson = (response: ServerResponse, status: number, body: unknown, headers: object = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** A local server that speaks a provider's true wire format and says what its script says. */
export const startProviderStandIn = async (initial: StandInOptions = {}): Promise<ProviderStandIn> => {
  let options = initial
  let chats = 0
  const format = FORMATS[initial.kind ?? 'deepseek']
  const requests: StandInRequest[] = []

  const answerChat = async (
    body: JsonRecord,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const chat = chatOf(body)
    const index = chats++
    const fail = typeof options.fail === 'function' ? options.fail(chat, index) : options.fail
    if (typeof fail === 'number') {
      const failure = format.failure(fail, chat.model)
      sendJson(response, failure.status, failure.body, fail === 429 ? { 'retry-after': '2' } : {})
      return true
    }
    const scripted = (options.reply ?? defaultReply)(chat)
    const reply = options.reasoningInTags ? inTags(scripted) : scripted
    const wantsUsage = asRecord(body.stream_options)?.include_usage === true
    const written = format.write(reply, { id: `standin-${index}`, model: chat.model, wantsUsage })
    const wire = reply.raw === undefined ? written : { ...written, head: [], tokens: [reply.raw], tail: [] }
    return play(response, wire, format, {
      tokenDelayMs: options.tokenDelayMs ?? 0,
      firstTokenDelayMs: options.firstTokenDelayMs ?? 0,
      fail,
      random: options.cutSeed === undefined ? undefined : seededRandom(options.cutSeed + index),
      signal,
    })
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    const path = (request.url ?? '').replace(/\?.*$/, '')
    const method = request.method ?? ''
    const body = await readJson(request)
    const record: StandInRequest = {
      method,
      path,
      headers: request.headers,
      body,
      receivedAt: performance.now(),
      answered: false,
      aborted: false,
      abortedAt: undefined,
    }
    requests.push(record)
    response.on('close', () => {
      gone.abort()
      if (response.writableFinished || record.answered) return
      record.aborted = true
      record.abortedAt = performance.now()
    })
    response.socket?.setNoDelay(true)
    if (options.apiKey !== undefined && format.keyOf(request.headers) !== options.apiKey) {
      sendJson(response, 401, format.failure(401, '').body)
    } else if (method === 'GET' && path === format.modelsPath && options.offersModels !== false) {
      sendJson(response, 200, format.models(options.models ?? ['stand-in']))
    } else if (method === 'POST' && path === format.chatPath && body !== undefined) {
      record.answered = await answerChat(body, response, gone.signal)
      return
    } else sendJson(response, 404, { detail: 'Not Found' })
    record.answered = true
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(initial.port ?? 0, initial.host ?? '127.0.0.1', resolve)
  await listening
  const { address, port } = server.address() as AddressInfo
  return {
    url: `http://${address}:${port}`,
    requests,
    set: (changed) => {
      options = { ...options, ...changed }
    },
    close: () => {
      const { promise, resolve: closed } = Promise.withResolvers<void>()
      server.close(() => closed())
      server.closeAllConnections()
      return promise
    },
  }
}
