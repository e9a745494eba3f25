import type { IncomingMessage, ServerResponse } from 'node:http'
import { asArray, asRecord, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import { embeddingsFor } from './embeddings.ts'
import { answerShelf } from './ollama-shelf.ts'
import { play } from './play.ts'
import { defaultReply, seededRandom } from './script.ts'
import type { ScriptedReply, StandInChat } from './script.ts'
import type { StandInOptions, StandInRequest } from './stand-in-options.ts'
import type { WireFormat } from './wire.ts'

/** A stand-in as it runs: how it behaves now, and what came so far. */
export interface StandInState {
  options: StandInOptions
  format: WireFormat
  chats: number
  requests: StandInRequest[]
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

/** Keeps the record of a request true: a caller that goes before the end is marked at once. */
const record = (
  state: StandInState,
  request: IncomingMessage,
  body: JsonRecord | undefined,
): StandInRequest => {
  const made: StandInRequest = {
    method: request.method ?? '',
    path: (request.url ?? '').replace(/\?.*$/, ''),
    headers: request.headers,
    body,
    receivedAt: performance.now(),
    answered: false,
    aborted: false,
    abortedAt: undefined,
  }
  state.requests.push(made)
  return made
}

/** An abort signal for a caller that goes away; a cut of the stand-in's own is not taken for that. */
const watchCaller = (
  response: ServerResponse,
  made: StandInRequest,
): { signal: AbortSignal; onCut(): void } => {
  const gone = new AbortController()
  let cutHere = false
  response.on('close', () => {
    gone.abort()
    if (response.writableFinished || made.answered || cutHere) return
    made.aborted = true
    made.abortedAt = performance.now()
  })
  return {
    signal: gone.signal,
    onCut: () => {
      cutHere = true
    },
  }
}

const answerChat = async (
  state: StandInState,
  body: JsonRecord,
  response: ServerResponse,
  caller: { signal: AbortSignal; onCut(): void },
): Promise<boolean> => {
  const { options, format } = state
  const chat = chatOf(body)
  const index = state.chats++
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
    ...caller,
  })
}

/** What a provider answers beside its list and chats; false where it has no such thing. */
const answerMore = async (
  state: StandInState,
  { method, path, body }: StandInRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<boolean> => {
  if (body === undefined) return false
  if (state.options.kind === 'ollama') return answerShelf({ state, method, path, body, response, signal })
  if (state.options.kind === 'anthropic' || method !== 'POST' || path !== '/v1/embeddings') return false
  const { vectors, tokens } = embeddingsFor(body)
  sendJson(response, 200, {
    object: 'list',
    model: asString(body.model) ?? '',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  })
  return true
}

/** Answers one request as the provider would: the list of models, a chat, or that there is no such thing. */
export const answerRequest = async (
  state: StandInState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { options, format } = state
  const body = await readJson(request)
  const made = record(state, request, body)
  const caller = watchCaller(response, made)
  response.socket?.setNoDelay(true)
  if (options.apiKey !== undefined && format.keyOf(request.headers) !== options.apiKey) {
    sendJson(response, 401, format.failure(401, '').body)
  } else if (made.method === 'GET' && made.path === format.modelsPath && options.offersModels !== false) {
    sendJson(response, 200, format.models(options.models ?? ['stand-in']))
  } else if (made.method === 'POST' && made.path === format.chatPath && body !== undefined) {
    made.answered = await answerChat(state, body, response, caller)
    return
  } else if (await answerMore(state, made, response, caller.signal)) {
    made.answered = true
    return
  } else sendJson(response, 404, { detail: 'Not Found' })
  made.answered = true
}
