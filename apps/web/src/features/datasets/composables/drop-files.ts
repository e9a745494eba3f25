import { useEventListener } from '@vueuse/core'
import { type Ref, ref } from 'vue'

/** Files dropped anywhere on the page; `over` while some are held above it. */
export function useDropFiles(
  enabled: Ref<boolean>,
  onFiles: (files: File[]) => void,
): { over: Ref<boolean> } {
  const over = ref(false)
  let depth = 0
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  const set = (value: number) => {
    depth = Math.max(0, value)
    over.value = depth > 0
  }
  useEventListener(window, 'dragenter', (event: DragEvent) => {
    if (enabled.value && holdsFiles(event)) set(depth + 1)
  })
  useEventListener(window, 'dragleave', (event: DragEvent) => {
    if (holdsFiles(event)) set(depth - 1)
  })
  // Without this the browser would leave the page and open the file.
  useEventListener(window, 'dragover', (event: DragEvent) => {
    if (holdsFiles(event)) event.preventDefault()
  })
  useEventListener(window, 'drop', (event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    set(0)
    const files = [...(event.dataTransfer?.files ?? [])]
    if (enabled.value && files.length > 0) onFiles(files)
  })
  return { over }
}
