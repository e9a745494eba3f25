import { type Ref, computed, ref, watch } from 'vue'
import { useModels } from '../../../app/pick/models.ts'
import { ownKey } from '../../../app/own-draft.ts'
import { keep, readKept } from '../../../composables/kept.ts'

const modelKey = () => ownKey('anneal.prompt-model')
const messageKey = (id: string) => ownKey(`anneal.prompt-message.${id}`)

/** What prompts are tried with: a model, and a message for each prompt, kept by this browser. */
export function useTrySettings(promptId: Ref<string>) {
  const { data: models, isPending } = useModels()
  const chosen = ref(readKept(modelKey()))
  const usable = computed(() => (models.value ?? []).filter((model) => model.health !== 'off'))
  const model = computed(() => usable.value.find((one) => one.id === chosen.value) ?? usable.value[0] ?? null)
  function pick(id: string): void {
    chosen.value = id
    keep(modelKey(), id)
  }
  const message = ref(readKept(messageKey(promptId.value)) ?? '')
  watch(promptId, (id) => (message.value = readKept(messageKey(id)) ?? ''), { flush: 'sync' })
  watch(message, (text) => keep(messageKey(promptId.value), text))
  return { models: computed(() => models.value ?? []), isPending, model, pick, message }
}
