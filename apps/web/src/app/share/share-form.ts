import type { AccessKind, ResourceAction, Visibility } from '@anneal/contract'
import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, type Ref, shallowRef, watch } from 'vue'
import { type ApiError, asApiError, call } from '../api.ts'
import { type Access, type Grant, type Subject, useAccess } from './share.api.ts'
import type { ShareTarget } from './share-state.ts'

const stateOf = ({ visibility, grants }: { visibility: Visibility; grants: readonly Grant[] }) =>
  JSON.stringify([visibility, grants.map(({ subject, action }) => [subject.kind, subject.id, action])])

/** Who is to have access: what was read, what is changed of it, and its saving. */
export function useShareForm(target: Ref<ShareTarget | null>) {
  const queries = useQueryClient()
  const query = useAccess(target)
  const access = shallowRef<Access | null>(null)
  const form = reactive<{ visibility: Visibility; grants: Grant[] }>({ visibility: 'private', grants: [] })
  const busy = ref(false)
  const failure = shallowRef<ApiError | null>(null)
  const dirty = computed(() => access.value !== null && stateOf(form) !== stateOf(access.value))
  const may = computed(() => access.value?.may.includes('manage') === true && access.value.follows === null)

  function take(fresh: Access): void {
    access.value = fresh
    form.visibility = fresh.visibility
    form.grants = fresh.grants.map((grant) => ({ ...grant }))
  }
  // What is typed is kept; what nobody touched shows the newest.
  watch(
    query.data,
    (fresh) => {
      if (fresh && !dirty.value) take(fresh)
    },
    { immediate: true },
  )

  function add(subject: Subject): void {
    if (form.grants.some((grant) => grant.subject.id === subject.id)) return
    const { actions = [] } = access.value ?? {}
    form.grants.push({ subject, action: actions.includes('use') ? 'use' : (actions[0] ?? 'read') })
    if (form.visibility === 'private') form.visibility = 'groups'
  }
  function remove(id: string): void {
    form.grants = form.grants.filter(({ subject }) => subject.id !== id)
  }

  async function run(
    work: (of: { kind: AccessKind; id: string; version: number }) => Promise<Access | null>,
  ) {
    const { value: present } = access
    if (!present || busy.value) return false
    busy.value = true
    failure.value = null
    try {
      const fresh = await work(present)
      if (fresh) take(fresh)
      void queries.invalidateQueries({ queryKey: [present.kind] })
      void queries.invalidateQueries({ queryKey: ['access'] })
      return true
    } catch (cause) {
      failure.value = asApiError(cause)
      // Someone else was first: their state is the one that the next saving starts from.
      if (failure.value.code === 'platform.stale-version') {
        const { data } = await query.refetch()
        if (data) access.value = data
      }
      return false
    } finally {
      busy.value = false
    }
  }

  const save = () =>
    run(({ kind, id, version }) => {
      const grants = form.grants.map(({ subject, action }) => ({
        subject: { kind: subject.kind, id: subject.id },
        action,
      }))
      const body = { version, visibility: form.visibility, grants }
      return call('access.setAccess', { params: { kind, id }, body })
    })
  const handOver = (ownerId: string, keep: ResourceAction | null) =>
    run(({ kind, id, version }) =>
      call('access.handOver', { params: { kind, id }, body: { version, ownerId, keep } }),
    )
  return { query, access, form, busy, failure, dirty, may, add, remove, save, handOver }
}
