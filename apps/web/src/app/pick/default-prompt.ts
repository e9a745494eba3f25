import { computed, type ComputedRef } from 'vue'
import { useInstance } from '../instance.ts'
import { productionOf, type PromptChoice, useChosenPrompt } from './prompts.ts'

/** The prompt that new chats of this instance start with; null where there is none that this person can use as it is. */
export function useDefaultPrompt(): ComputedRef<PromptChoice | null> {
  const { data: instance } = useInstance()
  const choice = computed<PromptChoice | null>(() => {
    const promptId = instance.value?.defaultPromptId
    return promptId ? { promptId, version: null, variables: {} } : null
  })
  const { prompt, version } = useChosenPrompt(choice)
  return computed(() => {
    /* One without a production version, or with a variable that somebody must fill in, would let no message through. */
    const isReady =
      prompt.value &&
      productionOf(prompt.value) !== null &&
      version.value?.variables.every((variable) => variable.default !== null)
    return isReady ? choice.value : null
  })
}
