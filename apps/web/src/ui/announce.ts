import { shallowReactive } from 'vue'

/** What readers of the screen are told; AppFrame holds the two regions. */
export const announcements = shallowReactive({ polite: '', assertive: '' })

/** Says a short text once: politely, or at once for errors. Not for streams. */
export function announce(text: string, kind: 'polite' | 'assertive' = 'polite'): void {
  announcements[kind] = ''
  // A repeated text is only said again when the region was empty in between.
  setTimeout(() => (announcements[kind] = text), 30)
}
