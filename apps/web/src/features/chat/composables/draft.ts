import { type Ref, ref, watch } from 'vue'
import { keep, readKept } from '../../../composables/kept.ts'

const keyOf = (id: string | undefined): string => `anneal.draft.${id ?? 'new'}`

/** The message being written, kept per conversation over reloads and other tabs. */
export function useDraft(id: Ref<string | undefined>): Ref<string> {
  const text = ref(readKept(keyOf(id.value)) ?? '')
  watch(id, (next) => (text.value = readKept(keyOf(next)) ?? ''), { flush: 'sync' })
  watch(text, (value) => keep(keyOf(id.value), value))
  return text
}
