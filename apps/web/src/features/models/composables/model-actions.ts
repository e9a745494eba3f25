import { useQueryClient } from '@tanstack/vue-query'
import { asApiError, call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Connection, Model } from '../models.api.ts'

/** What is done to models and connections from lists: at once, with a way back. */
export function useModelActions() {
  const { t } = useTexts()
  const queries = useQueryClient()
  const toast = useToast()

  async function reread(): Promise<void> {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['model'] }),
      queries.invalidateQueries({ queryKey: ['connection'] }),
    ])
  }
  function complain(cause: unknown): void {
    toast.show({ text: asApiError(cause).title, tone: 'danger' })
  }

  /** True where it went well. */
  async function remove(
    name: string,
    work: () => Promise<unknown>,
    undo: () => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await work()
      await reread()
      toast.show({
        text: t('ui.deleted', { name }),
        action: { label: t('ui.undo'), keys: 'mod+z', run: () => void undo().then(reread, complain) },
      })
      return true
    } catch (cause) {
      complain(cause)
      return false
    }
  }

  const removeModel = ({ id, name }: Model) =>
    remove(
      name,
      () => call('models.delete', { params: { id } }),
      () => call('models.restore', { params: { id } }),
    )
  const removeConnection = ({ id, name }: Connection) =>
    remove(
      name,
      () => call('models.deleteConnection', { params: { id } }),
      () => call('models.restoreConnection', { params: { id } }),
    )

  async function enable(model: Model, on: boolean): Promise<void> {
    try {
      await call('models.update', {
        params: { id: model.id },
        body: { version: model.version, enabled: on },
      })
    } catch (cause) {
      complain(cause)
    }
    await queries.invalidateQueries({ queryKey: ['model'] })
  }

  return { removeModel, removeConnection, enable, reread, complain }
}
