import { type Ref, ref, watch } from 'vue'
import { keep, readKept } from '../../../composables/kept.ts'

const keyOf = (id: string | undefined): string => `anneal.draft.${id ?? 'new'}`

/** What of a text was written after what was sent; a text that does not begin with it was another one. */
export function withoutSent(text: string, sent: string): string {
  const now = text.trimStart()
  return now.startsWith(sent) ? now.slice(sent.length).trimStart() : text
}

/** Takes what was sent out of a draft that is not on the page any more. */
export function dropSent(id: string | undefined, sent: string): void {
  keep(keyOf(id), withoutSent(readKept(keyOf(id)) ?? '', sent))
}

/** The message being written, kept per conversation over reloads and other tabs. */
export function useDraft(id: Ref<string | undefined>): Ref<string> {
  const text = ref(readKept(keyOf(id.value)) ?? '')
  watch(id, (next) => (text.value = readKept(keyOf(next)) ?? ''), { flush: 'sync' })
  watch(text, (value) => keep(keyOf(id.value), value))
  return text
}
