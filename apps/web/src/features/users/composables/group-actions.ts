import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { asApiError, call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Group, Member } from '../groups.api.ts'

/** What can be done with a group and its members, with its words and its undo. */
export function useGroupActions() {
  const { t } = useTexts()
  const queries = useQueryClient()
  const toast = useToast()
  const busy = ref(false)
  const reread = () => queries.invalidateQueries({ queryKey: ['group'] })

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    try {
      await work()
      return true
    } catch (cause) {
      const { title, detail } = asApiError(cause)
      toast.show({ text: `${title}. ${detail}`, tone: 'danger' })
      return false
    } finally {
      busy.value = false
      await reread()
    }
  }
  const change = (id: string, body: { add?: { userId: string; manages?: boolean }[]; remove?: string[] }) =>
    attempt(() => call('access.changeGroupMembers', { params: { id }, body }))

  async function remove(group: Group): Promise<boolean> {
    const params = { id: group.id }
    const done = await attempt(() =>
      call('access.deleteGroup', { params, query: { version: group.version } }),
    )
    const back = () => void attempt(() => call('access.restoreGroup', { params }))
    if (done)
      toast.show({
        text: t('access.groups.deleted', { name: group.name }),
        action: { label: t('ui.undo'), keys: 'mod+z', run: back },
      })
    return done
  }
  async function removeMember(group: Group, member: Member): Promise<void> {
    const { userId, name, manages } = member
    const done = await change(group.id, { remove: [userId] })
    // Whoever took themself out may not put themself back.
    const again = group.may.includes('edit') ? { userId, manages } : { userId }
    const back = () => void change(group.id, { add: [again] })
    if (done)
      toast.show({
        text: t('access.groups.removed', { name }),
        action: { label: t('ui.undo'), keys: 'mod+z', run: back },
      })
  }
  async function addMember(group: Group, { id, name }: { id: string; name: string }): Promise<void> {
    if (await change(group.id, { add: [{ userId: id }] }))
      toast.show({ text: t('access.groups.added', { name }) })
  }
  const setManages = (group: Group, { userId }: Member, manages: boolean) =>
    change(group.id, { add: [{ userId, manages }] })
  return { busy, remove, removeMember, addMember, setManages }
}
