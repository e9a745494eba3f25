import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import { asApiError, call } from '../../../app/api.ts'
import { useDefaultPrompt } from '../../../app/pick/default-prompt.ts'
import type { Conversation, Thread } from '../chat.api.ts'
import type { NewSettings } from './sending.ts'

const none = (): NewSettings => ({ systemPrompt: '', prompt: null, parameters: {} })
const settingsOf = ({ systemPrompt, prompt, parameters }: NewSettings): NewSettings => ({
  systemPrompt,
  prompt,
  parameters,
})
/** A prompt that was deleted meanwhile does not hinder a change of what stands beside it. */
function changed(before: NewSettings, { prompt, ...rest }: NewSettings): Partial<NewSettings> {
  return JSON.stringify(prompt) === JSON.stringify(before.prompt) ? rest : { ...rest, prompt }
}

/** Settings of a conversation: stored with it, or kept here until it is started. */
export function useConversationSettings(conversation: Ref<Conversation | undefined>) {
  const queries = useQueryClient()
  const open = ref(false)
  const saving = ref(false)
  const problem = ref<{ title: string; detail: string } | null>(null)
  /* Null until something is set by hand: then what the instance starts with holds. */
  const unsaved = ref<NewSettings | null>(null)
  const { defaultPrompt, whenKnown } = useDefaultPrompt()

  const settings = computed<NewSettings>(() =>
    conversation.value
      ? settingsOf(conversation.value)
      : (unsaved.value ?? { ...none(), prompt: defaultPrompt.value }),
  )
  watch(
    () => conversation.value?.id,
    (id) => {
      if (id) unsaved.value = null
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
        body: { version: present.version, ...changed(settingsOf(present), next) },
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

  /** What a new conversation starts with, once that is known. */
  async function forStart(): Promise<NewSettings> {
    if (!unsaved.value) await whenKnown()
    return unsaved.value ?? { ...none(), prompt: defaultPrompt.value }
  }

  return { open, saving, problem, settings, forStart, save }
}
