import type { Permission } from '@anneal/contract'
import { permissionNeeds, withNeeded } from '@anneal/contract/permissions'
import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, type Ref, shallowRef, watch } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { useSession } from '../../../app/session.ts'
import { randomId } from '../../../composables/random-id.ts'
import type { RoleOfInstance } from '../groups.api.ts'
import { permissionGroups } from './role-table.ts'

interface Fields {
  name: string
  description: string
  permissions: Permission[]
  secondFactor: boolean
}

/** What is left when one goes: those that need it go with it. */
export function without(chosen: readonly Permission[], gone: Permission): Permission[] {
  return chosen.filter((one) => one !== gone && !(permissionNeeds[one] ?? []).includes(gone))
}

/** Those of the chosen ones that cannot do without another. */
export function neededBy(chosen: readonly Permission[], permission: Permission): Permission[] {
  return chosen.filter((one) => (permissionNeeds[one] ?? []).includes(permission))
}

function startOf(role: RoleOfInstance | null): Fields {
  return {
    name: role?.name ?? '',
    description: role?.description ?? '',
    permissions: [...(role?.permissions ?? [])],
    secondFactor: role?.secondFactor ?? false,
  }
}

function differences(a: Fields, b: Fields): number {
  const only = (x: Fields, y: Fields) => x.permissions.filter((one) => !y.permissions.includes(one)).length
  const texts = [a.name.trim() !== b.name, a.description.trim() !== b.description]
  return [...texts, a.secondFactor !== b.secondFactor].filter(Boolean).length + only(a, b) + only(b, a)
}

/** A role in the making or under change: its fields, what may be chosen, and its saving. */
export function useRoleForm(options: {
  open: Ref<boolean>
  role: Ref<RoleOfInstance | null>
  source: Ref<RoleOfInstance | null>
  copyName: (role: RoleOfInstance) => string
}) {
  const { open, role, source, copyName } = options
  const session = useSession()
  const queries = useQueryClient()
  const fields = reactive<Fields>(startOf(null))
  const base = shallowRef<Fields>(startOf(null))
  const from = shallowRef<RoleOfInstance | null>(null)
  const version = ref(0)
  const busy = ref(false)
  const tried = ref(false)
  const failure = shallowRef<ApiError | null>(null)
  let key = randomId()
  const changes = computed(() => differences(fields, base.value))

  /** Begins anew, with what another role may do where one is named. */
  function begin(copied: RoleOfInstance | null): void {
    const { value: present } = role
    from.value = present ? null : copied
    version.value = present?.version ?? 0
    base.value = startOf(present)
    const start = startOf(present ?? copied)
    if (!present) start.name = copied ? copyName(copied) : fields.name
    Object.assign(fields, start)
    tried.value = false
    failure.value = null
  }
  watch(
    open,
    (shown) => {
      if (!shown) return
      key = randomId()
      fields.name = ''
      begin(source.value)
    },
    { immediate: true },
  )

  const groups = computed(() =>
    permissionGroups().map(({ group, permissions }) => {
      const rows = permissions.map((permission) => {
        const chosen = fields.permissions.includes(permission)
        const needs = neededBy(fields.permissions, permission)
        const tooHigh = !session.can(permission)
        return {
          permission,
          chosen,
          neededBy: chosen ? needs : [],
          tooHigh,
          fixed: role.value?.builtin === true || tooHigh || (chosen && needs.length > 0),
        }
      })
      return { group, rows, chosen: rows.filter((row) => row.chosen).length }
    }),
  )
  function toggle(permission: Permission, chosen: boolean): void {
    fields.permissions = chosen
      ? withNeeded([...fields.permissions, permission])
      : without(fields.permissions, permission)
  }

  function send(): Promise<RoleOfInstance> {
    const { value: present } = role
    const { name, description, permissions, secondFactor } = fields
    const body = { name: name.trim(), description: description.trim(), permissions, secondFactor }
    if (!present) return call('auth.createRole', { body, idempotencyKey: key })
    const params = { id: present.id }
    // Of a built-in role nothing else can be changed.
    const changed = present.builtin ? { secondFactor } : body
    return call('auth.updateRole', { params, body: { version: version.value, ...changed } })
  }
  async function save(): Promise<RoleOfInstance | null> {
    tried.value = true
    failure.value = null
    if (busy.value || (fields.name.trim() === '' && !role.value?.builtin)) return null
    busy.value = true
    try {
      return await send()
    } catch (cause) {
      failure.value = asApiError(cause)
      // What is typed stays; the next saving lays it over what is there now.
      if (failure.value.code === 'platform.stale-version') {
        const { items } = await call('auth.listRoles', {})
        version.value = items.find(({ id }) => id === role.value?.id)?.version ?? version.value
      }
      return null
    } finally {
      busy.value = false
      await Promise.all(['role', 'user'].map((kind) => queries.invalidateQueries({ queryKey: [kind] })))
    }
  }
  return { fields, groups, from, busy, tried, failure, changes, begin, toggle, save }
}
