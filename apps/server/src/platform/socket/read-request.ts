import { socketTopics } from '@anneal/contract'
import type { SocketRequest } from '@anneal/contract'
import { z } from 'zod'

const number = z.number().int().min(0).optional()
const token = z.string().min(1).max(8192)
const topic = z.enum(socketTopics)
const id = z.string().min(1).max(100)

const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token, after: number }),
  z.object({ type: z.literal('token'), token }),
  z.object({ type: z.literal('watch'), topic, id, after: number }),
  z.object({ type: z.literal('unwatch'), topic, id }),
])

/** What the page sent; null where it is nothing of the protocol. */
export function readRequest(text: string): SocketRequest | null {
  try {
    return request.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
