import type { FinishReason } from '@anneal/contract'
import { safeMessage } from '../http/reply-error.ts'
import type { WireReader } from '../http/stream-call.ts'
import { asArray, asCount, asRecord, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { MessageAssembler } from '../message-assembler.ts'
import { ProviderError } from '../provider-error.ts'

const LINE_LIMIT = 8 * 1024 * 1024

const parse = (line: string): JsonRecord | undefined => {
  try {
    return asRecord(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** Reads the JSON lines of `/api/chat`. */
export class LineReader implements WireReader {
  finish: FinishReason | undefined
  done = false
  readonly #assembler: MessageAssembler
  readonly #apiKey: string | undefined
  #rest = ''
  #lines = 0
  #tools = 0

  constructor(assembler: MessageAssembler, apiKey: string | undefined) {
    this.#assembler = assembler
    this.#apiKey = apiKey
  }

  feed(text: string): void {
    let from = 0
    let end = text.indexOf('\n')
    while (end !== -1) {
      const line = this.#rest + text.slice(from, end)
      this.#rest = ''
      from = end + 1
      if (line.trim() !== '') this.#take(line)
      end = text.indexOf('\n', from)
    }
    this.#rest += text.slice(from)
    if (this.#rest.length > LINE_LIMIT) throw new ProviderError('provider.garbage')
  }

  end(): void {
    const line = this.#rest.trim()
    this.#rest = ''
    // Half a line behind good ones means that the connection broke, not that it is no JSON.
    if (line !== '' && (this.#lines === 0 || parse(line) !== undefined)) this.#take(line)
  }

  #take(line: string): void {
    const json = parse(line)
    if (json === undefined)
      throw new ProviderError('provider.garbage', { params: { start: line.slice(0, 100) } })
    this.#lines++
    const error = asString(json.error)
    if (error !== undefined) {
      throw new ProviderError('provider.stream-error', {
        params: { message: safeMessage(error, this.#apiKey) },
      })
    }
    const message = asRecord(json.message)
    if (message !== undefined) this.#takeMessage(message)
    if (json.done === true) this.#takeEnd(json)
  }

  #takeMessage(message: JsonRecord): void {
    this.#assembler.reasoning(asString(message.thinking) ?? '')
    this.#assembler.text(asString(message.content) ?? '')
    for (const value of asArray(message.tool_calls)) {
      const call = asRecord(value)
      const definition = asRecord(call?.function)
      const id = asString(call?.id) ?? `call-${this.#tools}`
      this.#tools++
      this.#assembler.startTool(id, asString(definition?.name) ?? '')
      this.#assembler.toolText(id, JSON.stringify(definition?.arguments ?? {}))
      this.#assembler.endTool(id)
    }
  }

  #takeEnd(json: JsonRecord): void {
    const reason = asString(json.done_reason) ?? 'stop'
    this.done = true
    if (this.#tools > 0) this.finish = 'tool-calls'
    else this.finish = reason === 'stop' || reason === 'length' ? reason : 'unknown'
    this.#assembler.usage({
      inputTokens: asCount(json.prompt_eval_count),
      outputTokens: asCount(json.eval_count),
    })
  }
}
