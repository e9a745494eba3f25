import { fillTemplate, variableValue } from '@anneal/contract/prompt-template'
import type { RouteReply } from '@anneal/contract'
import { onScopeDispose, shallowRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { type LiveAnswer, followAnswer } from '../../../app/live-answer.ts'
import type { PromptVariable } from '../prompts.api.ts'

type Generation = RouteReply<'generations.get'>

/** A version, or the draft, that is tried. */
export interface Tried {
  label: string
  /** Null for the draft: no answer is counted for a version that is not there yet. */
  prompt: { promptId: string; version: number } | null
  text: string
  variables: readonly PromptVariable[]
}

interface Asked {
  variables: Record<string, string>
  message: string
  modelId: string
}

export interface TryAnswer {
  label: string
  generation: Generation | null
  following: LiveAnswer | null
  error: ApiError | null
}

/** Names of the variables of some versions that have no value yet. */
export function missingIn(tried: readonly Tried[], given: Readonly<Record<string, string>>): string[] {
  const missing = tried.flatMap(
    ({ text, variables }) => fillTemplate(text, (name) => variableValue(name, given, variables)).missing,
  )
  return [...new Set(missing)]
}

/** Runs versions of a prompt on one message, side by side; each answers, fails and ends by itself. */
export function useTryRun() {
  const answers = shallowRef<readonly TryAnswer[]>([])
  let round = 0

  /** Answers of a round that is over are left alone. */
  function update(at: number, mine: number, change: Partial<TryAnswer>): void {
    if (mine !== round) return
    answers.value = answers.value.map((answer, index) => (index === at ? { ...answer, ...change } : answer))
  }
  function leave(): void {
    for (const { following } of answers.value) following?.stop()
  }

  async function read(at: number, mine: number, id: string): Promise<void> {
    const following = answers.value[at]?.following
    try {
      const generation = await call('generations.get', { params: { id } })
      following?.stop()
      update(at, mine, { generation, following: null })
    } catch (cause) {
      following?.stop()
      update(at, mine, { following: null, error: asApiError(cause) })
    }
  }

  async function start(at: number, { prompt }: Tried, system: string, asked: Asked): Promise<void> {
    const mine = round
    try {
      const messages = [
        { role: 'system' as const, content: system },
        { role: 'user' as const, content: asked.message },
      ]
      const body = { modelId: asked.modelId, messages, ...(prompt ? { prompt } : {}) }
      const generation = await call('generations.start', { body })
      if (mine !== round) return
      const { id: generationId, parts, seq, state } = generation
      const onDone = () => void read(at, mine, generationId)
      const following = state === 'running' ? followAnswer({ generationId, parts, seq, onDone }) : null
      update(at, mine, { generation, following })
    } catch (cause) {
      update(at, mine, { error: asApiError(cause) })
    }
  }

  async function run(tried: readonly Tried[], asked: Asked): Promise<void> {
    leave()
    round++
    answers.value = tried.map(({ label }) => ({ label, generation: null, following: null, error: null }))
    await Promise.all(
      tried.map((one, at) => {
        const { text, variables } = one
        const system = fillTemplate(text, (name) => variableValue(name, asked.variables, variables)).text
        return start(at, one, system, asked)
      }),
    )
  }

  async function stop(): Promise<void> {
    await Promise.allSettled(
      answers.value.map(
        ({ generation, following }) =>
          generation && following && call('generations.stop', { params: { id: generation.id } }),
      ),
    )
  }

  onScopeDispose(() => {
    round++
    leave()
  })
  return { answers, run, stop }
}
