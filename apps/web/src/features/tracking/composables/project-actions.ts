import { Trash2 } from '@lucide/vue'
import { useQueryClient } from '@tanstack/vue-query'
import { asApiError, call } from '../../../app/api.ts'
import { useShareItem } from '../../../app/share/share-state.ts'
import { useTexts } from '../../../composables/texts.ts'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Project, RunDetail, RunRow } from '../tracking.api.ts'

type Run = RunRow | RunDetail
type RunChange = {
  name?: string
  description?: string
  tags?: string[]
  colour?: number
  visibility?: Run['visibility']
}

/** What a person does with a project or a run; failures are said in a toast. */
export function useProjectActions() {
  const { t } = useTexts()
  const shareItem = useShareItem()
  const toast = useToast()
  const queries = useQueryClient()

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      await Promise.all(
        ['project', 'tracked-run'].map((kind) => queries.invalidateQueries({ queryKey: [kind] })),
      )
      return result
    } catch (cause) {
      toast.show({ text: asApiError(cause).title, tone: 'danger' })
      return undefined
    }
  }

  function undoable(name: string, restore: () => Promise<unknown>): void {
    toast.show({
      text: t('ui.deleted', { name }),
      action: { label: t('ui.undo'), keys: 'mod+z', run: () => void attempt(restore) },
    })
  }

  const updateProject = (
    { id, version }: Project,
    change: { description?: string; visibility?: Project['visibility'] },
  ) => attempt(() => call('tracking.updateProject', { params: { id }, body: { version, ...change } }))

  /** `leave` takes the person away from what is about to be gone. */
  async function removeProject({ id, name }: Project, leave?: () => Promise<unknown>): Promise<void> {
    const done = await attempt(async () => {
      await call('tracking.deleteProject', { params: { id } })
      await leave?.()
      return true
    })
    if (done) undoable(name, () => call('tracking.restoreProject', { params: { id } }))
  }

  const updateRun = ({ id, version }: Run, change: RunChange) =>
    attempt(() => call('tracking.updateRun', { params: { id }, body: { version, ...change } }))

  async function removeRun({ id, name }: Run, leave?: () => Promise<unknown>): Promise<void> {
    const done = await attempt(async () => {
      await call('tracking.deleteRun', { params: { id } })
      await leave?.()
      return true
    })
    if (done) undoable(name, () => call('tracking.restoreRun', { params: { id } }))
  }

  function menuOf(project: Project, leave?: () => Promise<unknown>): MenuItem[] {
    const share = shareItem({
      kind: 'project',
      id: project.id,
      link: `/tracking/${project.workspace}/${project.name}`,
    })
    if (!project.may.includes('manage')) return [share]
    return [
      share,
      {
        label: t('tracking.deleteProject'),
        icon: Trash2,
        danger: true,
        divided: true,
        run: () => void removeProject(project, leave),
      },
    ]
  }

  return { updateProject, removeProject, updateRun, removeRun, menuOf }
}
