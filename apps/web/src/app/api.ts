import type { RouteInput, RouteName, RouteReply } from '@anneal/contract'
import { routeList } from '@anneal/contract/route-list'
import { accessToken, refresh } from './access.ts'
import { acceptLanguage, ApiError, parseProblem, problemFrom } from './problem.ts'

export { ApiError, asApiError } from './problem.ts'

type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>
interface Loose {
  params?: Record<string, string | number> | undefined
  query?: Query | undefined
  body?: unknown
}
export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Sent as `Idempotency-Key`: the same key again gets the same reply, and nothing is done twice. */
  idempotencyKey?: string | undefined
}
export type CallInput<N extends RouteName> = RouteInput<N> & CallOptions

export interface UploadOptions extends Omit<Loose, 'body'>, CallOptions {
  headers?: Record<string, string>
  onProgress?: (sent: number, total: number) => void
}

/** The method and address of a route with its params and query filled in. */
export function address(
  name: RouteName,
  { params, query }: Omit<Loose, 'body'>,
): [method: string, url: string] {
  const [method, path] = routeList[name]
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params?.[key] ?? '')))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  return [method, search.size ? `${filled}?${search}` : filled]
}

async function headersFor(options: CallOptions): Promise<Record<string, string>> {
  const token = await accessToken()
  return {
    'accept-language': acceptLanguage(),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(options.idempotencyKey ? { 'idempotency-key': options.idempotencyKey } : {}),
  }
}

/**
 * Calls a route of the contract and gives its reply. A 401 is retried once after a refresh.
 * @throws ApiError with the server's words; the signal's reason when aborted.
 */
export async function call<N extends RouteName>(name: N, input: CallInput<N>): Promise<RouteReply<N>> {
  const response = await send(name, input as Loose & CallOptions, true)
  if (response.status === 204) return undefined as RouteReply<N>
  const type = response.headers.get('content-type') ?? ''
  const reply: unknown = type.includes('json') ? await response.json() : await response.text()
  return reply as RouteReply<N>
}

/** The same for replies that go on: the response, whose body the caller reads. */
export function callOpen<N extends RouteName>(name: N, input: CallInput<N>): Promise<Response> {
  return send(name, input as Loose & CallOptions, true)
}

/** The same for replies that are files, as a Blob to be saved. */
export async function callFile<N extends RouteName>(name: N, input: CallInput<N>): Promise<Blob> {
  return (await send(name, input as Loose & CallOptions, true)).blob()
}

async function send(name: RouteName, input: Loose & CallOptions, again: boolean): Promise<Response> {
  const [method, url] = address(name, input)
  const headers = await headersFor(input)
  const hasBody = input.body !== undefined
  if (hasBody) headers['content-type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      ...(hasBody ? { body: JSON.stringify(input.body) } : {}),
      ...(input.signal ? { signal: input.signal } : {}),
    })
  } catch (cause) {
    if (input.signal?.aborted) throw cause
    throw ApiError.offline(cause)
  }
  if (response.ok) return response
  if (response.status === 401 && again && headers['authorization'] && (await refresh()))
    return send(name, input, false)
  throw await parseProblem(response)
}

/**
 * Streams a file as the raw body; `onProgress` in bytes. XMLHttpRequest, as fetch tells no progress of what is sent.
 * @throws ApiError; an AbortError when the signal ends it.
 */
export async function upload<N extends RouteName>(
  name: N,
  file: Blob,
  options: UploadOptions,
): Promise<RouteReply<N>> {
  const headers = {
    'content-type': 'application/octet-stream',
    ...(await headersFor(options)),
    ...options.headers,
  }
  const reply = await sendFile(name, file, options, headers)
  if (reply.status === 401 && (await refresh())) {
    return finish(await sendFile(name, file, options, { ...headers, ...(await headersFor(options)) }))
  }
  return finish(reply)
}

interface FileReply {
  status: number
  text: string
  requestId: string
}

function finish<T>(reply: FileReply): T {
  if (reply.status < 200 || reply.status > 299) throw problemFrom(reply.status, reply.text, reply.requestId)
  return (reply.text ? JSON.parse(reply.text) : undefined) as T
}

function sendFile(
  name: RouteName,
  file: Blob,
  options: UploadOptions,
  headers: Record<string, string>,
): Promise<FileReply> {
  const [method, url] = address(name, options)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [key, value] of Object.entries(headers)) request.setRequestHeader(key, value)
    request.upload.onprogress = (event) => options.onProgress?.(event.loaded, file.size)
    request.onload = () =>
      resolve({
        status: request.status,
        text: request.responseText,
        requestId: request.getResponseHeader('x-request-id') ?? '',
      })
    request.onerror = () => reject(ApiError.offline())
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    if (options.signal?.aborted) return request.abort()
    options.signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
