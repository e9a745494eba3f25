import { BadRow, type DatasetMessage, type MessageRole, cleanPiece } from './row.types.ts'

type Fields = Record<string, unknown>

const roles: Readonly<Record<string, MessageRole>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  chatgpt: 'assistant',
  tool: 'tool',
  observation: 'tool',
}

const think = /^\s*<think>([\s\S]*?)<\/think>\s*/

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of a field. `where` names the field for the person who mends the row. */
export function textOf(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown) =>
      isFields(part) && part['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : null,
    )
    if (parts.every((part) => part !== null)) return parts.join('')
  }
  throw new BadRow('wrong-type', { field: where, expected: 'string' })
}

export function listOf(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value
  throw new BadRow('wrong-type', { field: where, expected: 'list' })
}

function roleOf(turn: Fields, at: number): MessageRole {
  const name = turn['role'] ?? turn['from']
  if (typeof name !== 'string') throw new BadRow('wrong-type', { field: `role (${at})`, expected: 'string' })
  if (name === 'function_call') throw new BadRow('tool-calls', { turn: at })
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined
  if (!role) throw new BadRow('unknown-role', { turn: at, role: cleanPiece(name, 40) })
  return role
}

/** A message of the assistant with its reasoning apart, from a field of its own or a leading `<think>`. */
export function assistantMessage(content: string, field?: unknown): DatasetMessage {
  const own = typeof field === 'string' && field.trim() !== '' ? field : undefined
  const found = own === undefined ? think.exec(content) : null
  const reasoning = own ?? found?.[1]?.trim()
  const answer = found ? content.slice(found[0].length) : content
  return { role: 'assistant', content: answer, ...(reasoning ? { reasoning } : {}) }
}

/** One turn, in the keys of OpenAI (`role`, `content`) or of ShareGPT (`from`, `value`). `at` counts from 1. */
export function readTurn(turn: unknown, at: number): DatasetMessage {
  if (!isFields(turn)) throw new BadRow('wrong-type', { field: `turn ${at}`, expected: 'object' })
  const role = roleOf(turn, at)
  const calls = turn['tool_calls']
  if ((Array.isArray(calls) && calls.length > 0) || isFields(turn['function_call'])) {
    throw new BadRow('tool-calls', { turn: at })
  }
  const content = textOf('content' in turn ? turn['content'] : turn['value'], `content (${at})`)
  if (role !== 'assistant') return { role, content }
  return assistantMessage(content, turn['reasoning'] ?? turn['reasoning_content'])
}

/** Throws unless the turns can be learned from: who speaks when, nobody says nothing, the assistant has the last word. */
export function checkOrder(messages: readonly DatasetMessage[]): void {
  if (messages.length === 0) throw new BadRow('no-turns')
  let before: MessageRole | null = null
  messages.forEach(({ role, content }, index) => {
    const turn = index + 1
    if (content.trim() === '') throw new BadRow('empty-content', { turn })
    if (role === 'system' && index > 0) throw new BadRow('system-later', { turn })
    const isFirst = before === null || before === 'system'
    if (role !== 'system' && isFirst && role !== 'user') throw new BadRow('first-not-user', { turn, role })
    const follows =
      role === 'user'
        ? before !== 'user' && before !== 'tool'
        : role !== 'assistant' || before !== 'assistant'
    if (!follows || (role === 'tool' && before === 'user')) throw new BadRow('wrong-order', { turn, role })
    before = role
  })
  const last = messages.at(-1)
  if (last && last.role !== 'assistant') throw new BadRow('last-not-assistant', { role: last.role })
}
