import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import { callOpen } from '../../../app/api.ts'
import { readEvents } from '../../../app/read-events.ts'
import type { Model } from '../models.api.ts'

/** Providers limit how many come at once. */
const atOnce = 3

/** Whether all steps of a model's test went well. */
async function testOne(modelId: string, signal: AbortSignal): Promise<boolean> {
  let failed = false
  const response = await callOpen('models.test', { body: { modelId }, signal })
  await readEvents(response, ({ event, data }) => {
    if (event === 'step' && (data as { state: string }).state === 'failed') failed = true
  })
  return !failed
}

/** Tests models one after another, a few at a time; each one's health is stored and shown as it ends. */
export function useTestAll() {
  const queries = useQueryClient()
  const done = ref(0)
  const count = ref(0)
  const failed = ref(0)
  let abort: AbortController | null = null
  const running = computed(() => done.value < count.value)

  async function run(models: readonly Model[]): Promise<void> {
    abort?.abort()
    const own = new AbortController()
    abort = own
    const waiting = models.filter((model) => model.kind === 'chat' && model.enabled).map((model) => model.id)
    count.value = waiting.length
    done.value = failed.value = 0
    const worker = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const isGood = await testOne(id, own.signal).catch(() => false)
        if (own.signal.aborted) return
        done.value += 1
        if (!isGood) failed.value += 1
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    await queries.invalidateQueries({ queryKey: ['model'] })
    await queries.invalidateQueries({ queryKey: ['connection'] })
  }

  onScopeDispose(() => abort?.abort())
  return { run, running, done, count, failed }
}
