import { assistantMessage, listOf, readTurn, textOf } from './read-conversation.ts'
import { BadRow, type DatasetFormat, type DatasetMessage } from './row.types.ts'

type Row = Record<string, unknown>

interface FormatReader {
  format: DatasetFormat
  recognises(row: Row): boolean
  read(row: Row): DatasetMessage[]
}

function systemOf(row: Row): DatasetMessage[] {
  const text = row['system']
  if (text === undefined || text === null || text === '') return []
  return [{ role: 'system', content: textOf(text, 'system') }]
}

/** A prompt or completion: a text, or turns as in the format of messages. */
function sideOf(value: unknown, field: string, of: 'user' | 'assistant'): DatasetMessage[] {
  if (Array.isArray(value)) return value.map((turn, index) => readTurn(turn, index + 1))
  const content = textOf(value, field)
  return [of === 'user' ? { role: 'user', content } : assistantMessage(content)]
}

function alpacaHistory(row: Row): DatasetMessage[] {
  const history = row['history']
  if (history === undefined || history === null) return []
  return listOf(history, 'history').flatMap((pair) => {
    const [question, answer] = listOf(pair, 'history')
    return [
      { role: 'user' as const, content: textOf(question, 'history') },
      assistantMessage(textOf(answer, 'history')),
    ]
  })
}

function alpacaQuestion(row: Row): DatasetMessage {
  const instruction = textOf(row['instruction'], 'instruction')
  const input = row['input']
  const more = input === undefined || input === null ? '' : textOf(input, 'input')
  return { role: 'user', content: more.trim() === '' ? instruction : `${instruction}\n\n${more}` }
}

const readers: readonly FormatReader[] = [
  {
    format: 'messages',
    recognises: (row) => 'messages' in row,
    read: (row) => listOf(row['messages'], 'messages').map((turn, index) => readTurn(turn, index + 1)),
  },
  {
    format: 'sharegpt',
    recognises: (row) => 'conversations' in row,
    read: (row) => [
      ...systemOf(row),
      ...listOf(row['conversations'], 'conversations').map((turn, index) => readTurn(turn, index + 1)),
    ],
  },
  {
    format: 'alpaca',
    recognises: (row) => 'instruction' in row && 'output' in row,
    read: (row) => [
      ...systemOf(row),
      ...alpacaHistory(row),
      alpacaQuestion(row),
      assistantMessage(textOf(row['output'], 'output')),
    ],
  },
  {
    format: 'prompt-completion',
    recognises: (row) => 'prompt' in row && 'completion' in row,
    read: (row) => [
      ...systemOf(row),
      ...sideOf(row['prompt'], 'prompt', 'user'),
      ...sideOf(row['completion'], 'completion', 'assistant'),
    ],
  },
]

/** The turns of a row in whichever known format it is. Throws BadRow. */
export function readFormat(row: Row): { format: DatasetFormat; messages: DatasetMessage[] } {
  const reader = readers.find((one) => one.recognises(row))
  if (!reader) throw new BadRow('unknown-format')
  return { format: reader.format, messages: reader.read(row) }
}
