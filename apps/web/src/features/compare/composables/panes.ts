import type { Ref } from 'vue'
import { randomId } from '../../../composables/random-id.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import { letterOf, type Pane } from '../compare.api.ts'
import { emptyPane, type useSetup } from './setup.ts'

const newPaneId = (): string => `new${randomId()}`

/** Adds, exchanges and removes panes; a removed one comes back by Undo, with its answers. */
export function usePanes(
  setup: ReturnType<typeof useSetup>,
  spare: Ref<string | null>,
  hasAnswered: (paneId: string) => boolean,
) {
  const toast = useToast()
  const { t } = useTexts()
  const { panes, change } = setup

  function pick(paneId: string, modelId: string): void {
    void change({ panes: panes.value.map((pane) => (pane.id === paneId ? { ...pane, modelId } : pane)) })
  }
  function add(): void {
    void change({ panes: [...panes.value, emptyPane(newPaneId(), spare.value)] })
  }
  function remove(pane: Pane): void {
    const before = [...panes.value]
    const letter = letterOf(before.findIndex((one) => one.id === pane.id))
    void change({ panes: before.filter((one) => one.id !== pane.id) })
    /* The server knows a removed pane by its answers alone: without any it comes back as a new one. */
    const back = hasAnswered(pane.id) ? pane : { ...pane, id: newPaneId() }
    const undone = before.map((one) => (one.id === pane.id ? back : one))
    toast.show({
      text: t('compare.removed', { letter }),
      action: { label: t('ui.undo'), keys: 'mod+z', run: () => void change({ panes: undone }) },
    })
  }

  return { pick, add, remove }
}
