import { useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { asApiError, call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Summary } from '../compare.api.ts'

/** What can be done with a comparison in the list. */
export function useRuns(current: () => string | undefined) {
  const queries = useQueryClient()
  const router = useRouter()
  const toast = useToast()
  const { t } = useTexts()
  const reread = (): Promise<void> => queries.invalidateQueries({ queryKey: ['comparison'] })

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      await reread()
    } catch (cause) {
      toast.show({ text: asApiError(cause).title, tone: 'danger' })
    }
  }

  const rename = (summary: Summary, title: string): Promise<void> =>
    attempt(async () => {
      const params = { id: summary.id }
      const { comparison } = await call('compare.get', { params, query: { limit: 1 } })
      await call('compare.update', { params, body: { version: comparison.version, title } })
    })

  const restore = (id: string, wasCurrent: boolean): Promise<void> =>
    attempt(async () => {
      await call('compare.restore', { params: { id } })
      if (wasCurrent) await router.push(`/compare/${id}`)
    })

  const remove = (summary: Summary): Promise<void> =>
    attempt(async () => {
      const wasCurrent = current() === summary.id
      await call('compare.delete', { params: { id: summary.id } })
      if (wasCurrent) await router.replace('/compare')
      toast.show({
        text: t('ui.deleted', { name: summary.title || t('compare.untitled') }),
        action: {
          label: t('ui.undo'),
          keys: 'mod+z',
          run: () => void restore(summary.id, wasCurrent),
        },
      })
    })

  return { rename, remove }
}
