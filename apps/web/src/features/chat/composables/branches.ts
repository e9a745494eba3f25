import { computed, type Ref, ref } from 'vue'
import type { Message } from '../chat.api.ts'

export interface ThreadEntry {
  message: Message
  /** Which of its siblings it is, from 1, and how many there are. */
  branch: number
  branches: number
}

/** The path through a conversation's tree: at each fork the branch that was chosen, else the newest. */
export function useBranches(messages: Ref<readonly Message[]>) {
  const chosen = ref<Record<string, string>>({})

  const children = computed(() => {
    const known = new Set(messages.value.map((message) => message.id))
    const map = new Map<string, Message[]>()
    for (const message of messages.value) {
      const parent = message.parentId && known.has(message.parentId) ? message.parentId : ''
      map.set(parent, [...(map.get(parent) ?? []), message])
    }
    return map
  })

  const path = computed<ThreadEntry[]>(() => {
    const entries: ThreadEntry[] = []
    let parent = ''
    for (;;) {
      const siblings = children.value.get(parent)
      if (!siblings?.length) return entries
      const wanted = siblings.findIndex((message) => message.id === chosen.value[parent])
      const at = wanted === -1 ? siblings.length - 1 : wanted
      const message = siblings[at]
      if (!message) return entries
      entries.push({ message, branch: at + 1, branches: siblings.length })
      parent = message.id
    }
  })

  function step(entry: ThreadEntry, by: 1 | -1): void {
    const known = new Set(messages.value.map((message) => message.id))
    const { parentId } = entry.message
    const parent = parentId && known.has(parentId) ? parentId : ''
    const next = children.value.get(parent)?.[entry.branch - 1 + by]
    if (next) chosen.value = { ...chosen.value, [parent]: next.id }
  }

  return { path, step }
}
