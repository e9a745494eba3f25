import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Run, RunChanges } from '../training.api.ts'

/** Stops, deletes and brings back runs; what fails is said in a toast. */
export function useRunActions() {
  const queries = useQueryClient()
  const router = useRouter()
  const toast = useToast()
  const { t } = useTexts()
  const retrying = ref(false)

  const reread = () => queries.invalidateQueries({ queryKey: ['training-run'] })
  function complain(cause: unknown): void {
    toast.show({ text: asApiError(cause).title, tone: 'danger' })
  }

  /** Asks it to stop; true once the server has taken it. */
  async function stop(run: Run): Promise<boolean> {
    try {
      const next = await call('training.stop', { params: { id: run.id } })
      queries.setQueryData<Run>(['training-run', 'one', run.id], next)
      await reread()
      return true
    } catch (cause) {
      complain(cause)
      await reread()
      return false
    }
  }

  async function restore({ id, name }: Run): Promise<void> {
    try {
      await call('training.restore', { params: { id } })
      await reread()
      toast.show({ text: t('training.restored', { name }) })
    } catch (cause) {
      complain(cause)
    }
  }

  async function remove(run: Run): Promise<void> {
    try {
      await call('training.delete', { params: { id: run.id } })
      if (router.currentRoute.value.params['id'] === run.id) await router.push('/training')
      queries.removeQueries({ queryKey: ['training-run', 'one', run.id] })
      await reread()
      toast.show({
        text: t('ui.deleted', { name: run.name }),
        action: { label: t('ui.undo'), keys: 'mod+z', run: () => void restore(run) },
      })
    } catch (cause) {
      complain(cause)
    }
  }

  /** Starts it anew under the next free name and goes there; what was started by mistake can be taken back. */
  async function retry(run: Run, changes: RunChanges = {}): Promise<boolean> {
    if (retrying.value) return false
    retrying.value = true
    try {
      const next = await call('training.retry', {
        params: { id: run.id },
        body: changes,
        idempotencyKey: randomId(),
      })
      queries.setQueryData<Run>(['training-run', 'one', next.id], next)
      await reread()
      await router.push(`/training/${next.id}`)
      toast.show({
        text: t('training.retried', { name: next.name }),
        action: { label: t('training.cancelRetry'), keys: 'mod+z', run: () => void stop(next) },
      })
      return true
    } catch (cause) {
      complain(cause)
      return false
    } finally {
      retrying.value = false
    }
  }

  return { stop, remove, retry, retrying }
}
