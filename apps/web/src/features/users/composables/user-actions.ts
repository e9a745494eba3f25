import type { Role, RouteReply } from '@anneal/contract'
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { asApiError, call } from '../../../app/api.ts'
import { useRoleName } from '../../../composables/role-name.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { User } from '../users.api.ts'

type Changed = RouteReply<'auth.updateUser'>
type Change = { role: Role } | { disabled: boolean }

/** What can be done with one or several people of the list, with its words and its undo. */
export function useUserActions() {
  const { t } = useTexts()
  const roleName = useRoleName()
  const queries = useQueryClient()
  const toast = useToast()
  const busy = ref(false)

  const reread = () =>
    Promise.all(['user', 'session'].map((kind) => queries.invalidateQueries({ queryKey: [kind] })))
  const complain = (cause: unknown) => {
    const { title, detail } = asApiError(cause)
    toast.show({ text: `${title}. ${detail}`, tone: 'danger' })
  }
  const set = (user: Pick<User, 'id' | 'version'>, change: Change) =>
    call('auth.updateUser', { params: { id: user.id }, body: { version: user.version, ...change } })

  function wordsOf(user: Changed, change: Change): string {
    if ('role' in change) return t('users.roleChanged', { name: user.name, role: roleName(user) })
    return t(change.disabled ? 'users.wasDisabled' : 'users.wasEnabled', { name: user.name })
  }

  /** Does the same to each; those that are refused are said, the others can be taken back. */
  async function change(users: readonly User[], to: Change): Promise<void> {
    busy.value = true
    const done: { before: User; after: Changed }[] = []
    let refused: unknown
    for (const user of users) {
      try {
        done.push({ before: user, after: await set(user, to) })
      } catch (cause) {
        refused ??= cause
      }
    }
    busy.value = false
    await reread()
    const [first] = done
    if (refused && !first) return complain(refused)
    const undo = async () => {
      for (const { before, after } of done)
        await set(after, 'role' in to ? { role: before.role } : { disabled: before.disabled })
      await reread()
    }
    const partly = () =>
      t('users.someRefused', { done: done.length, n: users.length, reason: asApiError(refused).title })
    const all = () =>
      first && done.length === 1 ? wordsOf(first.after, to) : t('users.manyChanged', { n: done.length })
    toast.show({
      text: refused ? partly() : all(),
      action: { label: t('ui.undo'), keys: 'mod+z', run: () => void undo().catch(complain) },
    })
  }

  async function endSessions(users: readonly User[]): Promise<void> {
    busy.value = true
    try {
      let ended = 0
      for (const { id } of users) ended += (await call('auth.endUserSessions', { params: { id } })).ended
      toast.show({ text: t('users.sessionsEnded', { n: ended }) })
    } catch (cause) {
      complain(cause)
    } finally {
      busy.value = false
      await reread()
    }
  }
  return { busy, change, endSessions, reread, complain }
}
