import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref, type Ref } from 'vue'
import { asApiError, call } from '../../../app/api.ts'
import { useSession } from '../../../app/session.ts'
import { randomId } from '../../../composables/random-id.ts'
import { useToast } from '../../../ui/toast.ts'
import type { RouteInput } from '@anneal/contract'
import { type Checkpoint, type Deployment, useDeploymentsOf } from '../training.api.ts'
import { bestOf } from './served.ts'

type Source = RouteInput<'deployments.create'>['body']['source']

/** What is served of a run, and what brings it to serve. */
export function useServing(runId: Ref<string>, checkpoints: Ref<readonly Checkpoint[] | undefined>) {
  const queries = useQueryClient()
  const session = useSession()
  const toast = useToast()
  const maySee = computed(() => session.can('deployments.read'))
  const mayServe = computed(() => session.can('deployments.manage'))
  const list = useDeploymentsOf(runId, maySee)
  const asked = ref(new Set<string>())

  const all = computed(() => list.data.value ?? [])
  const base = computed(() => bestOf(all.value.filter((one) => one.source.kind === 'training-base')))
  const trained = computed(() => bestOf(all.value.filter((one) => one.source.kind === 'training-run')))

  /** A deployment that names no checkpoint serves the first of the list: the result, or the newest at that time. */
  function ofCheckpoint(checkpoint: Checkpoint): Deployment | undefined {
    const first = checkpoints.value?.[0]?.id === checkpoint.id
    return bestOf(
      all.value.filter(
        ({ source }) =>
          source.kind === 'training-run' &&
          (source.checkpointId === checkpoint.id || (source.checkpointId === undefined && first)),
      ),
    )
  }
  /** The step of what a deployment serves, where it is still among the checkpoints. */
  function stepOf(deployment: Deployment | undefined): number | null {
    if (deployment?.source.kind !== 'training-run') return null
    const { checkpointId } = deployment.source
    const found = checkpointId
      ? checkpoints.value?.find((one) => one.id === checkpointId)
      : checkpoints.value?.[0]
    return found?.step ?? null
  }

  async function attempt(key: string, work: () => Promise<unknown>): Promise<void> {
    if (asked.value.has(key)) return
    asked.value = new Set([...asked.value, key])
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['deployment'] })
    } catch (cause) {
      toast.show({ text: asApiError(cause).title, tone: 'danger' })
    } finally {
      asked.value = new Set([...asked.value].filter((one) => one !== key))
    }
  }
  const create = (key: string, source: Source) =>
    attempt(key, () => call('deployments.create', { body: { source }, idempotencyKey: randomId() }))
  const start = ({ id }: Deployment) => attempt(id, () => call('deployments.start', { params: { id } }))

  const serveCheckpoint = ({ id }: Checkpoint) =>
    create(id, { kind: 'training-run', trainingRunId: runId.value, checkpointId: id })
  const serveBase = () =>
    base.value ? start(base.value) : create('base', { kind: 'training-base', trainingRunId: runId.value })
  function serveTrained(): Promise<void> {
    const newest = checkpoints.value?.[0]
    if (trained.value) return start(trained.value)
    return newest ? serveCheckpoint(newest) : Promise.resolve()
  }

  return {
    base,
    trained,
    mayServe,
    maySee,
    loading: list.isLoading,
    busy: (key: string) => asked.value.has(key),
    anyBusy: computed(() => asked.value.size > 0),
    ofCheckpoint,
    stepOf,
    serveCheckpoint,
    serveBase,
    serveTrained,
    start,
  }
}

export type Serving = ReturnType<typeof useServing>
