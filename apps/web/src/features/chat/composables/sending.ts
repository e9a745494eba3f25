import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { call, type ApiError, asApiError } from '../../../app/api.ts'
import { dropSent, withoutSent } from '../../../app/own-draft.ts'
import { randomId } from '../../../composables/random-id.ts'
import type { PromptChoice } from '../../../app/pick/prompts.ts'
import type { Conversation, Message, Thread } from '../chat.api.ts'
import { draftKey } from './draft.ts'

export interface NewSettings {
  systemPrompt: string
  /** In place of the system prompt. */
  prompt: PromptChoice | null
  parameters: Conversation['parameters']
}

interface SendingOptions {
  id: Ref<string | undefined>
  draft: Ref<string>
  modelId: () => string | null
  /** What a conversation that is not there yet is to be started with. */
  settings: () => Promise<NewSettings>
}

/** Sends messages, asks again and stops; a message that could not be sent stays in the box. */
export function useSending({ id, draft, modelId, settings }: SendingOptions) {
  const queries = useQueryClient()
  const router = useRouter()
  const sending = ref(false)
  const error = ref<ApiError | null>(null)
  let left = false
  onScopeDispose(() => (left = true))
  /** The write that was last tried and has not been answered well: tried again it bears the same key, and is done once. */
  let tried: { what: string; key: string } | null = null
  /** A conversation that was started for a message that could not be sent: the next try goes on in it. */
  let begun: { as: string; made: Conversation } | null = null

  function keyFor(...parts: unknown[]): string {
    const what = JSON.stringify(parts)
    if (tried?.what !== what) tried = { what, key: randomId() }
    return tried.key
  }

  async function begin(body: NewSettings & { modelId: string | null }): Promise<Conversation> {
    const as = JSON.stringify(body)
    if (begun?.as === as) return begun.made
    const made = await call('chat.createConversation', { body, idempotencyKey: keyFor('begin', body) })
    begun = { as, made }
    return made
  }

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

  function send(text: string, parentId?: string | null): Promise<boolean> {
    return attempt(async () => {
      const model = modelId() ?? undefined
      const startedIn = id.value
      let conversationId = startedIn
      if (!conversationId) {
        const made = await begin({ modelId: model ?? null, ...(await settings()) })
        conversationId = made.id
        queries.setQueryData<Thread>(['conversation', 'thread', made.id], {
          conversation: made,
          messages: [],
          earlierCursor: null,
          ownerName: '',
          may: ['read', 'use', 'edit', 'manage'],
        })
      }
      const body = { text, modelId: model, ...(parentId === undefined ? {} : { parentId }) }
      const idempotencyKey = keyFor('send', conversationId, body)
      const sent = await call('chat.send', { params: { id: conversationId }, body, idempotencyKey })
      tried = begun = null
      show(conversationId, sent.answer ? [sent.message, sent.answer] : [sent.message])
      /* Whoever has gone on to another conversation or page meanwhile stays there, with what is written there. */
      if (left || id.value !== startedIn) return dropSent(draftKey(startedIn), text)
      /* What was written meanwhile stays; another message's edit leaves the box as it is. */
      const typed = withoutSent(draft.value, text)
      draft.value = typed
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
      const body = { modelId: modelId() ?? undefined }
      const idempotencyKey = keyFor('retry', conversationId, messageId, body)
      const answer = await call('chat.retry', {
        params: { id: conversationId, messageId },
        body,
        idempotencyKey,
      })
      tried = null
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
