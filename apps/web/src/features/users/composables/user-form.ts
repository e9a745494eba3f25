import type { RouteReply } from '@anneal/contract'
import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'

type Shown = RouteReply<'auth.getUser'>

type Fields = Pick<Shown, 'name' | 'role'>

/** What was written stays; what was left as it stood `before` becomes as it is stored now. */
export function caughtUp(written: Fields, before: Fields, stored: Fields): Fields {
  return {
    name: written.name.trim() === before.name ? stored.name : written.name,
    role: written.role === before.role ? stored.role : written.role,
  }
}

/** Name and role of one user, as they stand and as they are to be. What another changed meanwhile is shown anew. */
export function useUserForm(user: Ref<Shown | undefined>) {
  const queries = useQueryClient()
  const fields = reactive<Fields>({ name: '', role: 'viewer' })
  const base = shallowRef<Shown>()
  const saving = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const conflict = ref(false)

  const changed = computed(
    () => base.value && (fields.name.trim() !== base.value.name || fields.role !== base.value.role),
  )
  watch(
    user,
    (now) => {
      if (!now || now.id !== base.value?.id) conflict.value = false
      // What is being written here is not overwritten by what comes in; the save says so.
      if (!now || (now.id === base.value?.id && changed.value)) return
      base.value = now
      Object.assign(fields, { name: now.name, role: now.role })
      error.value = null
    },
    { immediate: true },
  )

  /** Somebody else was first: the next save goes by what is stored now. */
  async function catchUp(before: Shown): Promise<boolean> {
    const stored = await call('auth.getUser', { params: { id: before.id } }).catch(() => null)
    if (!stored) return false
    Object.assign(fields, caughtUp(fields, before, stored))
    base.value = stored
    return (conflict.value = true)
  }

  async function save(): Promise<boolean> {
    const { value: before } = base
    if (!before || !fields.name.trim() || saving.value) return false
    saving.value = true
    error.value = null
    conflict.value = false
    try {
      const name = fields.name.trim()
      await call('auth.updateUser', {
        params: { id: before.id },
        body: {
          version: before.version,
          ...(name === before.name ? {} : { name }),
          ...(fields.role === before.role ? {} : { role: fields.role }),
        },
      })
      base.value = { ...before, name, role: fields.role }
      return true
    } catch (cause) {
      const problem = asApiError(cause)
      if (problem.code !== 'platform.stale-version' || !(await catchUp(before))) error.value = problem
      return false
    } finally {
      saving.value = false
      await queries.invalidateQueries({ queryKey: ['user'] })
    }
  }
  return { fields, changed, saving, error, conflict, save }
}
