import { useQueryClient } from '@tanstack/vue-query'
import { ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { call, type ApiError, asApiError } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import type { Conversation, Message, Thread } from '../chat.api.ts'

export interface NewSettings {
  systemPrompt: string
  parameters: Conversation['parameters']
}

interface SendingOptions {
  id: Ref<string | undefined>
  draft: Ref<string>
  modelId: () => string | null
  /** What a conversation that is not there yet is to be started with. */
  settings: () => NewSettings
}

/** Sends messages, asks again and stops; a message that could not be sent stays in the box. */
export function useSending({ id, draft, modelId, settings }: SendingOptions) {
  const queries = useQueryClient()
  const router = useRouter()
  const sending = ref(false)
  const error = ref<ApiError | null>(null)

  /** Shows at once what the server has answered with; the pushed change re-reads it. */
  function show(conversationId: string, fresh: readonly Message[]): void {
    queries.setQueryData<Thread>(['conversation', 'thread', conversationId], (thread) => {
      if (!thread) return thread
      const known = new Set(fresh.map((message) => message.id))
      return { ...thread, messages: [...thread.messages.filter((one) => !known.has(one.id)), ...fresh] }
    })
  }

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    if (sending.value) return false
    sending.value = true
    error.value = null
    try {
      await work()
      return true
    } catch (cause) {
      error.value = asApiError(cause)
      return false
    } finally {
      sending.value = false
    }
  }

  /** What was written while the message was on its way; another message's edit leaves the box as it is. */
  function typedSince(text: string): string {
    const now = draft.value.trimStart()
    return now.startsWith(text) ? now.slice(text.length).trimStart() : draft.value
  }

  function send(text: string, parentId?: string | null): Promise<boolean> {
    return attempt(async () => {
      const model = modelId() ?? undefined
      let conversationId = id.value
      if (!conversationId) {
        const made = await call('chat.createConversation', {
          body: { modelId: model ?? null, ...settings() },
          idempotencyKey: randomId(),
        })
        conversationId = made.id
        queries.setQueryData<Thread>(['conversation', 'thread', made.id], {
          conversation: made,
          messages: [],
          earlierCursor: null,
        })
      }
      const sent = await call('chat.send', {
        params: { id: conversationId },
        body: { text, modelId: model, ...(parentId === undefined ? {} : { parentId }) },
        idempotencyKey: randomId(),
      })
      const typed = typedSince(text)
      draft.value = typed
      show(conversationId, sent.answer ? [sent.message, sent.answer] : [sent.message])
      if (id.value === conversationId) return
      draft.value = ''
      await router.replace(`/chat/${conversationId}`)
      draft.value = typed
    })
  }

  function retry(messageId: string): Promise<boolean> {
    return attempt(async () => {
      const conversationId = id.value
      if (!conversationId) return
      const answer = await call('chat.retry', {
        params: { id: conversationId, messageId },
        body: { modelId: modelId() ?? undefined },
        idempotencyKey: randomId(),
      })
      show(conversationId, [answer])
    })
  }

  async function stop(generationId: string): Promise<void> {
    try {
      await call('generations.stop', { params: { id: generationId } })
    } catch (cause) {
      error.value = asApiError(cause)
    }
  }

  return { sending, error, send, retry, stop }
}
