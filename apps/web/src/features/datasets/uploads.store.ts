import { defineStore } from 'pinia'
import { computed, reactive, ref, watch } from 'vue'
import { type ApiError, asApiError, upload } from '../../app/api.ts'
import { queryClient } from '../../app/query.ts'
import { randomId } from '../../composables/random-id.ts'

export interface Upload {
  readonly key: string
  readonly name: string
  readonly bytes: number
  sent: number
  state: 'waiting' | 'sending' | 'failed'
  error: ApiError | null
}

/** A dataset's name after its file's. */
export function nameOf(fileName: string): string {
  return (
    fileName
      .replace(/\.(jsonl|ndjson|json)$/i, '')
      .trim()
      .slice(0, 200) || fileName.slice(0, 200)
  )
}

function keepPage(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** Files on their way to the server, one after another. They go on while the person is elsewhere in the page. */
export const useUploads = defineStore('datasets-uploads', () => {
  const uploads = ref<Upload[]>([])
  const files = new Map<string, File>()
  const aborts = new Map<string, AbortController>()
  const busy = computed(() => uploads.value.some((one) => one.state !== 'failed'))

  function add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      const key = randomId()
      files.set(key, file)
      uploads.value.push({
        key,
        name: nameOf(file.name),
        bytes: file.size,
        sent: 0,
        state: 'waiting',
        error: null,
      })
    }
    void next()
  }

  function remove(key: string): void {
    aborts.get(key)?.abort()
    files.delete(key)
    uploads.value = uploads.value.filter((one) => one.key !== key)
  }

  function again(key: string): void {
    const found = uploads.value.find((one) => one.key === key)
    if (found) Object.assign(found, { state: 'waiting', sent: 0, error: null })
    void next()
  }

  async function next(): Promise<void> {
    if (uploads.value.some((one) => one.state === 'sending')) return
    const found = uploads.value.find((one) => one.state === 'waiting')
    const file = found && files.get(found.key)
    if (!found || !file) return
    await send(reactive(found), file)
    void next()
  }

  async function send(one: Upload, file: File): Promise<void> {
    const abort = new AbortController()
    aborts.set(one.key, abort)
    one.state = 'sending'
    try {
      await upload('datasets.upload', file, {
        query: { name: one.name },
        signal: abort.signal,
        onProgress: (sent) => void (one.sent = Math.min(sent, one.bytes)),
      })
      remove(one.key)
      await queryClient.invalidateQueries({ queryKey: ['dataset'] })
    } catch (cause) {
      if (!abort.signal.aborted) Object.assign(one, { state: 'failed', error: asApiError(cause) })
    } finally {
      aborts.delete(one.key)
    }
  }

  watch(busy, (now) => {
    if (now) window.addEventListener('beforeunload', keepPage)
    else window.removeEventListener('beforeunload', keepPage)
  })

  return { uploads, add, remove, again }
})
