import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { dropSent, withoutSent } from '../../../app/own-draft.ts'
import { randomId } from '../../../composables/random-id.ts'
import type { Comparison, ComparisonThread, Turn, VoteChoice } from '../compare.api.ts'
import { draftKey } from './draft.ts'
import type { Setup } from './setup.ts'

interface SendingOptions {
  id: Ref<string | undefined>
  draft: Ref<string>
  /** What a comparison that is not there yet is begun with. */
  setup: () => Setup
  /** Resolves when what was changed before is kept. */
  kept: () => Promise<void>
}

/** Asks all panes, asks one again, chooses, votes and stops; a prompt that could not be sent stays in the box. */
export function useSending({ id, draft, setup, kept }: SendingOptions) {
  const queries = useQueryClient()
  const router = useRouter()
  const busy = ref(false)
  const error = ref<ApiError | null>(null)
  let left = false
  onScopeDispose(() => (left = true))
  /** The write that was last tried and not answered well: tried again it bears the same key, and is done once. */
  let tried: { what: string; key: string } | null = null
  let begun: { as: string; made: Comparison } | null = null

  function keyFor(...parts: unknown[]): string {
    const what = JSON.stringify(parts)
    if (tried?.what !== what) tried = { what, key: randomId() }
    return tried.key
  }

  async function begin(): Promise<Comparison> {
    const { panes, shared } = setup()
    const body = { shared, panes: panes.map(({ id: _, ...pane }) => pane) }
    const as = JSON.stringify(body)
    if (begun?.as === as) return begun.made
    const made = await call('compare.create', { body, idempotencyKey: keyFor('begin', body) })
    begun = { as, made }
    queries.setQueryData<ComparisonThread>(['comparison', 'thread', made.id], {
      comparison: made,
      turns: [],
      earlierCursor: null,
      ownerName: '',
      may: ['read', 'use', 'edit', 'manage'],
    })
    return made
  }

  /** Shows at once what the server has answered with; the pushed change re-reads it. */
  function show(comparisonId: string, turn: Turn): void {
    queries.setQueryData<ComparisonThread>(['comparison', 'thread', comparisonId], (thread) => {
      if (!thread) return thread
      const others = thread.turns.filter((one) => one.id !== turn.id)
      const turns = [...others, turn].toSorted((one, other) => (one.id < other.id ? -1 : 1))
      return { ...thread, turns }
    })
  }

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = null
    try {
      await kept()
      await work()
      return true
    } catch (cause) {
      error.value = asApiError(cause)
      return false
    } finally {
      busy.value = false
    }
  }

  function send(text: string): Promise<boolean> {
    const startedIn = id.value
    return attempt(async () => {
      const comparisonId = startedIn ?? (await begin()).id
      const body = { text }
      const idempotencyKey = keyFor('send', comparisonId, body)
      const turn = await call('compare.send', { params: { id: comparisonId }, body, idempotencyKey })
      tried = begun = null
      show(comparisonId, turn)
      /* Whoever has gone on to another comparison or page meanwhile stays there, with what is written there. */
      if (left || id.value !== startedIn) return dropSent(draftKey(startedIn), text)
      const typed = withoutSent(draft.value, text)
      draft.value = typed
      if (id.value === comparisonId) return
      draft.value = ''
      await router.replace({ path: `/compare/${comparisonId}`, query: router.currentRoute.value.query })
      draft.value = typed
    })
  }

  /** Something is done to one prompt, and what the server says of it is shown. */
  function onTurn(work: (comparisonId: string) => Promise<Turn>): Promise<boolean> {
    const comparisonId = id.value
    return attempt(async () => {
      if (!comparisonId) return
      show(comparisonId, await work(comparisonId))
      tried = null
    })
  }

  const retry = (turnId: string, paneId: string): Promise<boolean> =>
    onTurn((comparisonId) =>
      call('compare.retry', {
        params: { id: comparisonId, turnId, paneId },
        idempotencyKey: keyFor('retry', comparisonId, turnId, paneId),
      }),
    )
  const choose = (turnId: string, answerId: string): Promise<boolean> =>
    onTurn((comparisonId) => call('compare.choose', { params: { id: comparisonId, turnId, answerId } }))
  const vote = (turnId: string, body: VoteChoice): Promise<boolean> =>
    onTurn((comparisonId) => call('compare.vote', { params: { id: comparisonId, turnId }, body }))

  async function stop(generationId: string | null): Promise<void> {
    try {
      if (generationId) await call('generations.stop', { params: { id: generationId } })
      else if (id.value) await call('compare.stop', { params: { id: id.value } })
    } catch (cause) {
      error.value = asApiError(cause)
    }
  }

  return { busy, error, send, retry, choose, vote, stop }
}
