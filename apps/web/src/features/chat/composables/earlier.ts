import { computed, ref, watch, type Ref } from 'vue'
import { call } from '../../../app/api.ts'
import type { Message, Thread } from '../chat.api.ts'

/** Messages older than those a thread came with, read page by page on demand. */
export function useEarlier(id: Ref<string | undefined>, thread: Ref<Thread | undefined>) {
  const messages = ref<Message[]>([])
  const cursor = ref<string | null | undefined>(undefined)
  const loading = ref(false)

  watch(id, () => {
    messages.value = []
    cursor.value = undefined
  })

  /* A thread holds its newest messages: what new ones push out of it stays here, or the way up would have a hole. */
  watch(thread, (now, before) => {
    const first = now?.messages[0]?.id
    if (cursor.value === undefined || !first || now.conversation.id !== before?.conversation.id) return
    const held = messages.value.at(-1)?.id ?? ''
    const pushedOut = before.messages.filter((message) => message.id < first && message.id > held)
    if (pushedOut.length > 0) messages.value = [...messages.value, ...pushedOut]
  })

  const next = computed(
    () => (cursor.value === undefined ? thread.value?.earlierCursor : cursor.value) ?? null,
  )

  async function load(): Promise<void> {
    const conversationId = id.value
    const before = next.value
    if (!conversationId || !before || loading.value) return
    loading.value = true
    try {
      const page = await call('chat.getConversation', {
        params: { id: conversationId },
        query: { before, limit: 100 },
      })
      if (id.value !== conversationId) return
      messages.value = [...page.messages, ...messages.value]
      cursor.value = page.earlierCursor
    } finally {
      loading.value = false
    }
  }

  return { messages, more: computed(() => next.value !== null), loading, load }
}
