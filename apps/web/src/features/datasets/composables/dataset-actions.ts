import { useQueryClient } from '@tanstack/vue-query'
import { asApiError, call, callFile } from '../../../app/api.ts'
import { saveFile } from '../../../app/save-file.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Dataset } from '../datasets.api.ts'

/** What a person does with a dataset; failures are said in a toast. */
export function useDatasetActions() {
  const { t } = useTexts()
  const toast = useToast()
  const queries = useQueryClient()
  const reread = () => queries.invalidateQueries({ queryKey: ['dataset'] })

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      await reread()
      return result
    } catch (cause) {
      toast.show({ text: asApiError(cause).title, tone: 'danger' })
      return undefined
    }
  }

  const update = ({ id, version }: Dataset, change: { name?: string; visibility?: Dataset['visibility'] }) =>
    attempt(() => call('datasets.update', { params: { id }, body: { version, ...change } }))
  const check = ({ id }: Dataset) => attempt(() => call('datasets.check', { params: { id } }))
  const addSample = () => attempt(() => call('datasets.addSample', {}))

  /** `leave` takes the person away from what is about to be gone. */
  async function remove({ id, name }: Dataset, leave?: () => Promise<unknown>): Promise<void> {
    const done = await attempt(async () => {
      await call('datasets.delete', { params: { id } })
      await leave?.()
      return true
    })
    if (!done) return
    const restore = () => void attempt(() => call('datasets.restore', { params: { id } }))
    toast.show({
      text: t('ui.deleted', { name }),
      action: { label: t('ui.undo'), keys: 'mod+z', run: restore },
    })
  }

  async function download({ id, name }: Dataset): Promise<void> {
    const blob = await attempt(() => callFile('datasets.download', { params: { id } }))
    if (!blob) return
    saveFile(blob, /\.jsonl$/i.test(name) ? name : `${name}.jsonl`)
  }

  return { update, check, addSample, remove, download }
}
