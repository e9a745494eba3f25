import { computed, ref, watch, type Ref } from 'vue'
import { type Answer, letterOf, type Pane } from '../compare.api.ts'

interface NextPromptOptions {
  id: Ref<string | undefined>
  draft: Ref<string>
  panes: Ref<readonly Pane[]>
  /** Answers that are being made. */
  running: Ref<readonly Answer[]>
  send: () => void
}

/** A prompt that is asked while panes still answer waits for them; it is then asked, unless it was changed meanwhile. */
export function useNextPrompt({ id, draft, panes, running, send }: NextPromptOptions) {
  const queued = ref(false)
  const awaited = computed(() =>
    panes.value.flatMap((pane, index) => {
      const answer = running.value.find(({ paneId }) => paneId === pane.id)
      return answer?.generationId ? [{ letter: letterOf(index), generationId: answer.generationId }] : []
    }),
  )

  /** With all panes at work and nothing written, the panes themselves say enough. */
  const waits = computed(
    () =>
      awaited.value.length > 0 && (draft.value.trim() !== '' || awaited.value.length < panes.value.length),
  )

  watch([draft, id], () => (queued.value = false), { flush: 'sync' })
  watch(
    () => running.value.length,
    (count) => {
      if (count > 0 || !queued.value) return
      queued.value = false
      send()
    },
  )

  /** Asks at once where nothing runs. */
  function ask(): void {
    if (running.value.length > 0) queued.value = true
    else send()
  }
  return { queued, awaited, waits, ask, hold: () => (queued.value = false) }
}
