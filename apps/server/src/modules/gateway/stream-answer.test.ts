import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../platform/context.ts'
/* As it is, not as a stand-in for it. */
import { LiveGeneration } from '../generations/live-generation.ts'
import { AnswerReader } from './answer-reader.ts'
import { streamAnswer } from './stream-answer.ts'

/** A response whose wire is full when a test says so. */
class Wire extends EventEmitter {
  written = ''
  isFull = false
  destroyed = false

  writeHead(): void {}

  write(text: string): boolean {
    this.written += text
    return !this.isFull
  }

  end(text: string): void {
    this.written += text
    this.emit('close')
  }

  destroy(): void {
    this.destroyed = true
    this.emit('close')
  }
}

function begin(includeUsage = false) {
  const live = new LiveGeneration({
    id: 'g',
    ownerId: 'u',
    visibility: 'private',
    startedAt: 1000,
    saved: false,
    stopWhenLeft: true,
    direct: true,
  })
  const abort = new AbortController()
  const reader = new AnswerReader(live, abort.signal)
  const wire = new Wire()
  const ctx = { language: 'en', requestId: 'r' } as unknown as Context
  const done = streamAnswer(ctx, {
    response: wire as unknown as ServerResponse,
    headers: {},
    reader,
    model: 'm',
    includeUsage,
  })
  const say = (text: string) => {
    live.add({ type: 'text-delta', text }, 1100)
    live.flush()
  }
  const finish = () => {
    live.add({ type: 'usage', inputTokens: 3, outputTokens: 2 }, 1200)
    live.add({ type: 'finish', reason: 'stop' }, 1200)
    live.state = 'finished'
    live.close()
  }
  const said = () =>
    [
      ...wire.written.matchAll(/"content":"([^"]*)","?/g),
      ...wire.written.matchAll(/\{"content":"([^"]*)"\}/g),
    ]
      .map(([, text]) => text)
      .join('')
  return { live, abort, reader, wire, done, say, finish, said }
}

describe('streamAnswer', () => {
  it('writes each piece once, then why it ended, usage where asked for, and the end', async () => {
    const { say, finish, wire, done } = begin(true)
    say('a')
    say('b')
    finish()
    await done
    const lines = wire.written.split('\n\n').filter(Boolean)
    expect(lines.at(-1)).toBe('data: [DONE]')
    const chunks = lines
      .slice(0, -1)
      .map((line) => JSON.parse(line.slice(6)) as { choices: { delta: object }[] })
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'a' },
      { content: 'b' },
      {},
      undefined,
    ])
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 3, total_tokens: 5 } })
  })

  it('does not push a caller that is slow, and loses nothing of what came meanwhile', async () => {
    const { say, finish, wire, done, said } = begin()
    wire.isFull = true
    say('a')
    const before = wire.written
    say('b')
    say('c')
    expect(wire.written).toBe(before)
    wire.isFull = false
    wire.emit('drain')
    say('d')
    finish()
    await done
    expect(said()).toBe('abcd')
  })

  it('waits with the end too until the wire is free', async () => {
    const { say, finish, wire, done } = begin()
    wire.isFull = true
    say('a')
    finish()
    expect(wire.written).not.toContain('[DONE]')
    wire.isFull = false
    wire.emit('drain')
    await done
    expect(wire.written.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('says an error in an event of its own, and no end', async () => {
    const { live, say, wire, done } = begin()
    say('a')
    live.add({ type: 'finish', reason: 'error' }, 1200)
    live.state = 'failed'
    live.error = { code: 'provider.overloaded', params: {} }
    live.close()
    await done
    const last = JSON.parse(wire.written.trim().split('\n\n').at(-1)!.slice(6)) as object
    expect(last).toMatchObject({ error: { type: 'server_error', code: 'provider.overloaded' } })
    expect(wire.written).not.toContain('[DONE]')
  })
})

describe('AnswerReader', () => {
  it('ends the call when its caller hangs up, before the first piece too', async () => {
    const { live, abort, reader } = begin()
    abort.abort()
    await reader.begun
    await reader.ended
    expect(live.abort.signal.aborted).toBe(true)
  })

  it('is not begun by a warning, so that an early failure can still be a status', () => {
    const { live, reader } = begin()
    live.add({ type: 'warning', code: 'provider.option-ignored', params: { option: 'seed' } }, 1001)
    live.flush()
    live.state = 'failed'
    live.error = { code: 'provider.rate-limited', params: { retryAfterMs: 1200 } }
    live.close()
    expect(reader.failedEarly).toBe(true)
    expect(reader.failure()).toMatchObject({ code: 'provider.rate-limited', retryAfter: 2 })
  })
})
