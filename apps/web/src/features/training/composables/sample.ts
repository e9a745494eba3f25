import { computed, onScopeDispose, shallowReactive } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { followAnswer, type LiveAnswer } from '../../../app/live-answer.ts'
import { randomId } from '../../../composables/random-id.ts'
import type { Generation } from '../training.api.ts'

export interface SampleAnswer {
  generation: Generation | null
  live: LiveAnswer | null
  error: ApiError | null
  running: boolean
}
type Side = 'base' | 'trained'

/** One question to two models at this moment, each answer followed as it comes; neither is kept. */
export function useSample() {
  const answers = shallowReactive(new Map<Side, SampleAnswer>())
  const running = computed(() => [...answers.values()].some((answer) => answer.running))
  let turn = 0

  function put(side: Side, change: Partial<SampleAnswer>): void {
    const before = answers.get(side) ?? { generation: null, live: null, error: null, running: true }
    answers.set(side, { ...before, ...change })
  }

  async function done(side: Side, id: string, own: number): Promise<void> {
    try {
      const generation = await call('generations.get', { params: { id } })
      if (own !== turn) return
      answers.get(side)?.live?.stop()
      put(side, { generation, live: null, running: false })
    } catch {
      // What came is kept; only what it took is not known.
      if (own === turn) put(side, { running: false })
    }
  }

  async function askOne(side: Side, modelId: string, question: string, own: number): Promise<void> {
    answers.get(side)?.live?.stop()
    answers.set(side, { generation: null, live: null, error: null, running: true })
    try {
      const generation = await call('generations.start', {
        /* A base that has learned nothing yet may not know where to end. */
        body: { modelId, messages: [{ role: 'user', content: question }], parameters: { maxTokens: 256 } },
        idempotencyKey: randomId(),
      })
      if (own !== turn) return
      if (generation.state !== 'running') return put(side, { generation, running: false })
      const live = followAnswer({
        generationId: generation.id,
        parts: generation.parts,
        seq: generation.seq,
        onDone: () => void done(side, generation.id, own),
      })
      put(side, { generation, live })
    } catch (cause) {
      if (own === turn) put(side, { error: asApiError(cause), running: false })
    }
  }

  async function ask(models: Readonly<Record<Side, string>>, question: string): Promise<void> {
    const own = ++turn
    await Promise.all((['base', 'trained'] as const).map((side) => askOne(side, models[side], question, own)))
  }

  async function stop(): Promise<void> {
    const ids = [...answers.values()].flatMap(({ generation, running: runs }) =>
      runs && generation ? [generation.id] : [],
    )
    await Promise.allSettled(ids.map((id) => call('generations.stop', { params: { id } })))
  }

  onScopeDispose(() => {
    turn++
    for (const answer of answers.values()) answer.live?.stop()
  })
  return { answers, running, ask, stop }
}
