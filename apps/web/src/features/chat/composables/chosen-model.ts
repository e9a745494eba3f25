import { computed, ref, watch, type Ref } from 'vue'
import { useRoute } from 'vue-router'
import { useInstance } from '../../../app/instance.ts'
import type { Model } from '../../../app/pick/models.ts'
import type { Conversation } from '../chat.api.ts'
import { keep, readKept } from '../../../composables/kept.ts'

const key = 'anneal.chat.model'

/** The model that answers next: what was picked, else the conversation's, the last one used, the instance's, the first. */
export function useChosenModel(models: Ref<readonly Model[]>, conversation: Ref<Conversation | undefined>) {
  const route = useRoute()
  const picked = ref<string | null>(null)
  const { data: instance } = useInstance()
  watch(
    () => conversation.value?.id,
    (now, before) => {
      /* What was picked for a new conversation stays picked when it begins. */
      if (before !== undefined) picked.value = null
    },
  )
  const model = computed<Model | null>(() => {
    /* `?model=` is how other pages say 'chat with this one'. */
    const linked = conversation.value ? null : route.query['model']
    const standard = instance.value?.defaultModelId
    const wishes = [picked.value, linked, conversation.value?.modelId, readKept(key), standard]
    for (const id of wishes) {
      const found = models.value.find((one) => one.id === id)
      if (found) return found
    }
    return models.value.find((one) => one.health !== 'off') ?? models.value[0] ?? null
  })
  function pick(id: string): void {
    picked.value = id
    keep(key, id)
  }
  return { model, pick }
}
