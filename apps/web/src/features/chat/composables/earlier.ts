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
