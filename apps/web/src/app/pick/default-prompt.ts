import { until } from '@vueuse/core'
import { computed } from 'vue'
import { useInstance } from '../instance.ts'
import { productionOf, type PromptChoice, useChosenPrompt } from './prompts.ts'

const longestWait = 5000

/** The prompt that new chats of this instance start with; null where there is none that this person can use as it is. */
export function useDefaultPrompt() {
  const { data: instance, error: instanceError } = useInstance()
  const choice = computed<PromptChoice | null>(() => {
    const promptId = instance.value?.defaultPromptId
    return promptId ? { promptId, version: null, variables: {} } : null
  })
  const { prompt, version, error, versionError } = useChosenPrompt(choice)
  const defaultPrompt = computed(() => {
    /* One without a production version, or with a variable that somebody must fill in, would let no message through. */
    const isReady =
      prompt.value &&
      productionOf(prompt.value) !== null &&
      version.value?.variables.every((variable) => variable.default !== null)
    return isReady ? choice.value : null
  })
  /** One thing names the next: what could not be read names nothing. */
  const known = computed(() => {
    if (!instance.value) return instanceError.value !== null
    if (!choice.value) return true
    if (!prompt.value) return error.value !== null
    return productionOf(prompt.value) === null || version.value !== undefined || versionError.value !== null
  })
  /** Resolves when it is known, or could not be learnt soon enough to keep a message waiting. */
  const whenKnown = () => until(known).toBe(true, { timeout: longestWait })
  return { defaultPrompt, whenKnown }
}
