import { type Ref, ref, watch } from 'vue'
import { keep, readKept } from '../composables/kept.ts'
import { useSession } from './session.ts'

/** A key of what one person keeps in this browser: the next to sign in here does not see it. */
export const ownKey = (key: string): string => `${key}.${useSession().owner() ?? ''}`

/** What of a text was written after what was sent; a text that does not begin with it was another one. */
export function withoutSent(text: string, sent: string): string {
  const now = text.trimStart()
  return now.startsWith(sent) ? now.slice(sent.length).trimStart() : text
}

/** A text being written, kept per key and person over reloads; tabs do not write into each other. */
export function useOwnDraft(key: Ref<string>): Ref<string> {
  const read = (of: string) => readKept(ownKey(of)) ?? ''
  const text = ref(read(key.value))
  watch(key, (next) => (text.value = read(next)), { flush: 'sync' })
  watch(text, (value) => keep(ownKey(key.value), value), { flush: 'sync' })
  return text
}

/** Takes what was sent out of a draft that is not on the page any more. */
export function dropSent(key: string, sent: string): void {
  keep(ownKey(key), withoutSent(readKept(ownKey(key)) ?? '', sent))
}
