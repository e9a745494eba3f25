import { useQueryClient } from '@tanstack/vue-query'
import { asApiError, call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Prompt } from '../prompts.api.ts'

/** What a person does with a prompt; failures are said in a toast. */
export function usePromptActions() {
  const { t } = useTexts()
  const toast = useToast()
  const queries = useQueryClient()
  const reread = () => queries.invalidateQueries({ queryKey: ['prompt'] })

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

  const addSample = () => attempt(() => call('prompts.addSample', {}))
  const duplicate = ({ id }: Prompt, version?: number) =>
    attempt(() => call('prompts.duplicate', { params: { id }, body: version ? { version } : {} }))

  /** `leave` takes the person away from what is about to be gone. */
  async function remove({ id, name }: Prompt, leave?: () => Promise<unknown>): Promise<void> {
    const done = await attempt(async () => {
      await call('prompts.delete', { params: { id } })
      await leave?.()
      return true
    })
    if (!done) return
    toast.show({
      text: t('ui.deleted', { name }),
      action: {
        label: t('ui.undo'),
        keys: 'mod+z',
        run: () => void attempt(() => call('prompts.restore', { params: { id } })),
      },
    })
  }

  const unarchive = ({ id }: Prompt, number: number) =>
    attempt(() => call('prompts.restoreVersion', { params: { id, number } }))
  async function archive(prompt: Prompt, number: number): Promise<void> {
    const done = await attempt(() => call('prompts.archiveVersion', { params: { id: prompt.id, number } }))
    if (!done) return
    toast.show({
      text: t('prompts.archivedDone', { version: number }),
      action: { label: t('ui.undo'), keys: 'mod+z', run: () => void unarchive(prompt, number) },
    })
  }

  return { addSample, duplicate, remove, archive, unarchive, reread }
}
