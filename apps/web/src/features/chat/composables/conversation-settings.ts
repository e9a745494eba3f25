import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import { asApiError, call } from '../../../app/api.ts'
import type { Conversation, Thread } from '../chat.api.ts'
import type { NewSettings } from './sending.ts'

/** Settings of a conversation: stored with it, or kept here until it is started. */
export function useConversationSettings(conversation: Ref<Conversation | undefined>) {
  const queries = useQueryClient()
  const open = ref(false)
  const saving = ref(false)
  const problem = ref<{ title: string; detail: string } | null>(null)
  const unsaved = ref<NewSettings>({ systemPrompt: '', parameters: {} })

  const settings = computed<NewSettings>(() =>
    conversation.value
      ? { systemPrompt: conversation.value.systemPrompt, parameters: conversation.value.parameters }
      : unsaved.value,
  )
  watch(
    () => conversation.value?.id,
    (id) => {
      if (id) unsaved.value = { systemPrompt: '', parameters: {} }
    },
  )
  watch(open, () => (problem.value = null))

  async function save(next: NewSettings): Promise<void> {
    const present = conversation.value
    if (!present) {
      unsaved.value = next
      open.value = false
      return
    }
    saving.value = true
    try {
      const updated = await call('chat.updateConversation', {
        params: { id: present.id },
        body: { version: present.version, ...next },
      })
      queries.setQueryData<Thread>(['conversation', 'thread', present.id], (thread) =>
        thread ? { ...thread, conversation: updated } : thread,
      )
      open.value = false
    } catch (cause) {
      const error = asApiError(cause)
      problem.value = { title: error.title, detail: error.detail }
      if (error.code === 'platform.stale-version') {
        await queries.invalidateQueries({ queryKey: ['conversation', 'thread', present.id] })
      }
    } finally {
      saving.value = false
    }
  }

  return { open, saving, problem, settings, save }
}
