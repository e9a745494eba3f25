import type { LiveAnswer } from '../../../app/live-answer.ts'
import { estimateTokens } from '../../../composables/estimate-tokens.ts'
import type { Answer } from '../compare.api.ts'

/** A pane's figures; while it answers, output and speed are estimated from what came. */
export type PaneMeter = Answer['meter'] & { estimated: boolean }

/** A speed of the first few pieces says nothing. */
const leastMs = 500

/** Providers count at the end alone, so until then the text that came is counted here. */
export function liveMeter(answer: Answer, following: LiveAnswer | undefined): PaneMeter {
  const { meter } = answer
  if (answer.state !== 'running' || !following) return { ...meter, estimated: false }
  const texts = following.parts.value.map((part) => (part.type === 'tool-call' ? part.arguments : part.text))
  const outputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
  const firstAt = following.firstAt.value
  const writingMs = firstAt === null ? 0 : following.heardAt.value - firstAt
  const tokensPerSecond = writingMs >= leastMs ? (outputTokens / writingMs) * 1000 : null
  return { ...meter, outputTokens: outputTokens || null, tokensPerSecond, estimated: true }
}
