import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { StandInState } from './answer-request.ts'
import { embeddingsFor } from './embeddings.ts'
import type { PullScript } from './stand-in-options.ts'

export interface ShelfRequest {
  state: StandInState
  method: string
  path: string
  body: JsonRecord
  response: ServerResponse
  /** Aborts when the caller goes. */
  signal: AbortSignal
}

const DEFAULT_BYTES = 1_000_000
const DEFAULT_STEPS = 4

const json = (response: ServerResponse, status: number, body: unknown): true => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
  return true
}

const namesOf = ({ options }: StandInState): string[] => options.models ?? ['stand-in']

const notFound = (response: ServerResponse, name: string): true =>
  json(response, 404, { error: `model '${name}' not found` })

const show = ({ state, response }: ShelfRequest, name: string): true => {
  if (!namesOf(state).includes(name)) return notFound(response, name)
  const capabilities = state.options.capabilities?.[name] ?? ['completion', 'tools']
  return json(response, 200, {
    details: { family: 'qwen3', parameter_size: '8.2B', quantization_level: 'Q4_K_M' },
    model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
    capabilities,
  })
}

const remove = ({ state, response }: ShelfRequest, name: string): true => {
  if (!namesOf(state).includes(name)) return notFound(response, name)
  state.options = { ...state.options, models: namesOf(state).filter((each) => each !== name) }
  response.writeHead(200)
  response.end()
  return true
}

const linesOf = (script: PullScript): object[] => {
  const { totalBytes = DEFAULT_BYTES, steps = DEFAULT_STEPS } = script
  const first = Math.floor(totalBytes * 0.9)
  const layers = [
    { digest: 'sha256:aaaa', total: first },
    { digest: 'sha256:bbbb', total: totalBytes - first },
  ]
  return [
    { status: 'pulling manifest' },
    ...layers.flatMap(({ digest, total }) =>
      Array.from({ length: steps }, (_, step) => ({
        status: `pulling ${digest.slice(7)}`,
        digest,
        total,
        completed: Math.round((total * (step + 1)) / steps),
      })),
    ),
    { status: 'verifying sha256 digest' },
    { status: 'writing manifest' },
    { status: 'success' },
  ]
}

const pull = async ({ state, response, signal }: ShelfRequest, name: string): Promise<true> => {
  const script = state.options.pull ?? {}
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  if (script.missing?.includes(name)) {
    response.end('{"status":"pulling manifest"}\n{"error":"pull model manifest: file does not exist"}\n')
    return true
  }
  for (const line of linesOf(script)) {
    if (script.stepDelayMs) await wait(script.stepDelayMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return true
    response.write(`${JSON.stringify(line)}\n`)
  }
  state.options = { ...state.options, models: [...new Set([...namesOf(state), name])] }
  response.end()
  return true
}

/** What an Ollama server does beside chat: models described, brought, deleted, and vectors. False for anything else. */
export const answerShelf = async (request: ShelfRequest): Promise<boolean> => {
  const { method, path, body, response } = request
  const name = asString(body.model) ?? asString(body.name) ?? ''
  if (method === 'POST' && path === '/api/show') return show(request, name)
  if (method === 'POST' && path === '/api/pull') return pull(request, name)
  if (method === 'DELETE' && path === '/api/delete') return remove(request, name)
  if (method !== 'POST' || path !== '/api/embed') return false
  const { vectors, tokens } = embeddingsFor(body)
  return json(response, 200, { model: name, embeddings: vectors, prompt_eval_count: tokens })
}
