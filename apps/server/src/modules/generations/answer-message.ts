import type { ChatMessage, ReasoningBlock } from '@anneal/providers'
import type { StoredPart } from './parts-builder.ts'

/** An earlier answer as a model gets it: its text with its reasoning; null for one of which no text came. */
export function answerMessage(parts: readonly StoredPart[]): ChatMessage | null {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
  if (text === '') return null
  const reasoning = parts.flatMap((part): ReasoningBlock[] => {
    if (part.type !== 'reasoning') return []
    const { signature, redacted } = part
    return [{ text: part.text, ...(signature ? { signature } : {}), ...(redacted ? { redacted } : {}) }]
  })
  return { role: 'assistant', content: text, ...(reasoning.length > 0 ? { reasoning } : {}) }
}
