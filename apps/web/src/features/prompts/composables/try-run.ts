import { fillTemplate, variableValue } from '@anneal/contract/prompt-template'
import type { RouteReply } from '@anneal/contract'
import { onScopeDispose, shallowRef, triggerRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { type LiveAnswer, followAnswer } from '../../../app/live-answer.ts'
import type { PromptVariable } from '../prompts.api.ts'

type Generation = RouteReply<'generations.get'>

/** A version, or the draft, that is tried. */
export interface Tried {
  label: string
  text: string
  variables: readonly PromptVariable[]
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
  const answers = shallowRef<TryAnswer[]>([])
  let round = 0

  const update = (answer: TryAnswer, change: Partial<TryAnswer>): void => {
    Object.assign(answer, change)
    triggerRef(answers)
  }
  function leave(): void {
    for (const { following } of answers.value) following?.stop()
  }

  async function read(answer: TryAnswer, generation: Generation): Promise<void> {
    try {
      const ended = await call('generations.get', { params: { id: generation.id } })
      answer.following?.stop()
      update(answer, { generation: ended, following: null })
    } catch (cause) {
      answer.following?.stop()
      update(answer, { following: null, error: asApiError(cause) })
    }
  }

  async function start(answer: TryAnswer, system: string, message: string, modelId: string): Promise<void> {
    const mine = round
    try {
      const messages = [
        { role: 'system' as const, content: system },
        { role: 'user' as const, content: message },
      ]
      const generation = await call('generations.start', { body: { modelId, messages } })
      if (mine !== round) return
      const { id: generationId, parts, seq, state } = generation
      update(answer, { generation })
      if (state !== 'running') return
      const onDone = () => void read(answer, generation)
      update(answer, { following: followAnswer({ generationId, parts, seq, onDone }) })
    } catch (cause) {
      if (mine === round) update(answer, { error: asApiError(cause) })
    }
  }

  async function run(
    tried: readonly Tried[],
    asked: { variables: Record<string, string>; message: string; modelId: string },
  ): Promise<void> {
    leave()
    round++
    const started = tried.map(({ label }) => ({ label, generation: null, following: null, error: null }))
    answers.value = started
    await Promise.all(
      tried.map(({ text, variables }, index) => {
        const system = fillTemplate(text, (name) => variableValue(name, asked.variables, variables)).text
        const answer = started[index]
        return answer && start(answer, system, asked.message, asked.modelId)
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

  onScopeDispose(leave)
  return { answers, run, stop }
}
