import { MessageSquare, Play, Square, Trash2 } from '@lucide/vue'
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { asApiError, call } from '../../../app/api.ts'
import { useSession } from '../../../app/session.ts'
import { useShareItem } from '../../../app/share/share-state.ts'
import { useTexts } from '../../../composables/texts.ts'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Deployment } from '../deployments.api.ts'

const resting: readonly Deployment['state'][] = ['stopped', 'failed', 'lost']

/** What can be done with a deployment, and who may; what fails is said in a toast. */
export function useDeploymentActions() {
  const queries = useQueryClient()
  const router = useRouter()
  const session = useSession()
  const toast = useToast()
  const { t } = useTexts()
  const shareItem = useShareItem()
  const busy = ref<string | null>(null)

  const mayManage = (one: Deployment): boolean =>
    session.can('deployments.manage') && one.may.includes('manage')
  const canChat = (one: Deployment): boolean =>
    one.state === 'serving' && one.modelId !== null && session.can('chat.use')
  const canStart = (one: Deployment): boolean => mayManage(one) && resting.includes(one.state)
  const canStop = (one: Deployment): boolean =>
    mayManage(one) && !resting.includes(one.state) && one.state !== 'stopping'

  async function attempt(id: string, work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = id
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['deployment'] })
      return true
    } catch (cause) {
      toast.show({ text: asApiError(cause).title, tone: 'danger' })
      await queries.invalidateQueries({ queryKey: ['deployment'] })
      return false
    } finally {
      busy.value = null
    }
  }

  const start = ({ id }: Deployment) => attempt(id, () => call('deployments.start', { params: { id } }))
  const stop = ({ id }: Deployment) => attempt(id, () => call('deployments.stop', { params: { id } }))
  function chat({ modelId }: Deployment): void {
    void router.push({ path: '/chat', query: { model: modelId } })
  }

  async function restore({ id, name }: Deployment): Promise<void> {
    if (await attempt(id, () => call('deployments.restore', { params: { id } })))
      toast.show({ text: t('deployments.restored', { name }) })
  }
  async function remove(one: Deployment): Promise<void> {
    const { id, name } = one
    if (!(await attempt(id, () => call('deployments.delete', { params: { id } })))) return
    if (router.currentRoute.value.params['id'] === id) await router.replace('/deployments')
    void queries.invalidateQueries({ queryKey: ['model'] })
    toast.show({
      text: t('ui.deleted', { name }),
      action: { label: t('ui.undo'), keys: 'mod+z', run: () => void restore(one) },
    })
  }

  function menu(one: Deployment): MenuItem[] {
    return [
      ...(canChat(one) ? [{ label: t('deployments.chat'), icon: MessageSquare, run: () => chat(one) }] : []),
      ...(canStart(one) ? [{ label: t('deployments.start'), icon: Play, run: () => void start(one) }] : []),
      ...(canStop(one) ? [{ label: t('deployments.stop'), icon: Square, run: () => void stop(one) }] : []),
      shareItem({ kind: 'deployment', id: one.id, link: `/deployments/${one.id}` }),
      ...(mayManage(one)
        ? [
            {
              label: t('ui.delete'),
              icon: Trash2,
              danger: true,
              divided: true,
              run: () => void remove(one),
            },
          ]
        : []),
    ]
  }

  return { busy, canChat, canStart, canStop, mayManage, start, stop, chat, remove, menu }
}
