import { useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { asApiError, call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Run } from '../training.api.ts'

/** Stops, deletes and brings back runs; what fails is said in a toast. */
export function useRunActions() {
  const queries = useQueryClient()
  const router = useRouter()
  const toast = useToast()
  const { t } = useTexts()

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

  return { stop, remove }
}
