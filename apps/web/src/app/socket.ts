import type { Change, SocketMessage, SocketRequest, SocketTopic } from '@anneal/contract'
import { computed, ref } from 'vue'
import { accessToken, onAccess, refresh } from './access.ts'
import { queryClient } from './query.ts'
import { createWatches } from './socket-watches.ts'
import type { TopicMessage } from './socket-watches.ts'

type ChangeHandler = (change: Change) => boolean | void

const offlineAfter = 2000
const delays = [500, 1000, 2000, 4000, 8000, 15_000]

let socket: WebSocket | null = null
let wantedOpen = false
let attempt = 0
let lastChange: number | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let offlineTimer: ReturnType<typeof setTimeout> | undefined
let opening = false

const connected = ref(false)
const offline = ref(false)
/** Unix milliseconds: when the connection was lost, and when the next try comes. */
const lostAt = ref(0)
const retryAt = ref(0)
const handlers = new Map<string, Set<ChangeHandler>>()
const watches = createWatches(send)

function send(message: SocketRequest): boolean {
  if (!connected.value || socket?.readyState !== WebSocket.OPEN) return false
  socket.send(JSON.stringify(message))
  return true
}

// Changes of one kind that arrive together lead to one re-read.
const staleKinds = new Set<string>()
let flushTimer: ReturnType<typeof setTimeout> | undefined
function markStale(kind: string): void {
  staleKinds.add(kind)
  flushTimer ??= setTimeout(() => {
    flushTimer = undefined
    for (const stale of staleKinds) void queryClient.invalidateQueries({ queryKey: [stale] })
    staleKinds.clear()
  }, 200)
}

function onMessage(message: SocketMessage): void {
  if (message.type === 'ready') {
    connected.value = true
    offline.value = false
    attempt = 0
    clearTimeout(offlineTimer)
    if (message.reset) void queryClient.invalidateQueries()
    lastChange ??= message.latest
    if (message.reset) lastChange = message.latest
    watches.resume()
  } else if (message.type === 'change') {
    lastChange = message.number
    const { change } = message
    let handled = false
    for (const handler of [...(handlers.get(change.kind) ?? []), ...(handlers.get('*') ?? [])]) {
      if (handler(change) === true) handled = true
    }
    if (!handled) markStale(change.kind)
  } else {
    watches.deliver(message)
  }
}

async function open(): Promise<void> {
  clearTimeout(timer)
  if (!wantedOpen || socket || opening) return
  opening = true
  let token: string | null = null
  try {
    token = await accessToken()
  } catch {
    // The server is away: the next try comes as after a loss.
  } finally {
    opening = false
  }
  if (!wantedOpen) return
  if (!token) return lose(0)
  const next = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/socket`)
  socket = next
  next.onopen = () =>
    next.send(JSON.stringify({ type: 'hello', token, after: lastChange } satisfies SocketRequest))
  next.onmessage = (event: MessageEvent<string>) => {
    for (const message of JSON.parse(event.data) as SocketMessage[]) onMessage(message)
  }
  next.onclose = (event) => {
    if (socket === next) lose(event.code)
  }
}

function lose(code: number): void {
  socket = null
  connected.value = false
  if (!wantedOpen) return
  if (!offline.value && !offlineTimer) {
    lostAt.value = Date.now()
    offlineTimer = setTimeout(() => {
      offlineTimer = undefined
      offline.value = wantedOpen && !connected.value
    }, offlineAfter)
  }
  if (code === 4401)
    return void refresh().then(
      (token) => token && schedule(attempt === 0 ? 300 : undefined),
      () => schedule(),
    )
  schedule(code === 4429 || code === 4503 ? 700 : undefined)
}

function schedule(fixed?: number): void {
  const step = delays[Math.min(attempt++, delays.length - 1)] ?? 15_000
  const delay = (fixed ?? step) * (0.8 + Math.random() * 0.4)
  retryAt.value = Date.now() + delay
  clearTimeout(timer)
  timer = setTimeout(() => void open(), delay)
}

function retryNow(): void {
  if (!socket) void open()
}

function close(): void {
  wantedOpen = false
  clearTimeout(timer)
  clearTimeout(offlineTimer)
  offlineTimer = undefined
  offline.value = false
  lastChange = undefined
  socket?.close(1000)
  socket = null
  connected.value = false
}

onAccess((event) => {
  if (event.type === 'ended') return close()
  send({ type: 'token', token: event.session.accessToken })
})
addEventListener('online', retryNow)
addEventListener('offline', () => socket?.close())
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wantedOpen && retryNow())

/** Opens the tab's one socket; it stays until the session ends. */
export function openSocket(): void {
  wantedOpen = true
  void open()
}

/**
 * Calls `handler` for each change of a kind (`*`: of any). A handler that has put the change into what is shown returns
 * true; else the queries whose key begins with the kind are read again. Gives a function that stops it.
 */
function onChange(kind: string, handler: ChangeHandler): () => void {
  const set = handlers.get(kind) ?? new Set()
  handlers.set(kind, set.add(handler))
  return () => set.delete(handler)
}

export interface WatchOptions<T extends SocketTopic> {
  /** The last number already had (seq of a generation, arrival number of points, line of a log); 0 for all. */
  after?: number
  onMessages: (messages: TopicMessage<T>[]) => void
  /** The server refuses the topic, with an error code. */
  onRefused?: (code: string) => void
}

export function useSocket() {
  return {
    connected: computed(() => connected.value),
    /** No connection for more than two seconds. */
    offline: computed(() => offline.value),
    lostAt: computed(() => lostAt.value),
    retryAt: computed(() => retryAt.value),
    retryNow,
    onChange,
    /** Follows one generation, run or log; resumes by number after a loss. Gives a function that stops it. */
    watch: <T extends SocketTopic>(topic: T, id: string, options: WatchOptions<T>): (() => void) =>
      watches.add(topic, id, options),
  }
}
