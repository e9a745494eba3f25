import { useLocalStorage } from '@vueuse/core'
import { computed, type Ref } from 'vue'

/** The next prompt as it is being written, kept per comparison over reloads; tabs do not write into each other. */
export function useDraft(id: Ref<string | undefined>): Ref<string> {
  const key = computed(() => `anneal.compare-draft.${id.value ?? 'new'}`)
  return useLocalStorage(key, '', { listenToStorageChanges: false })
}
