import { describe, expect, it } from 'vitest'
import {
  type ChatBody,
  messagesOf,
  parametersOf,
  responseFormatOf,
  restOf,
  toolChoiceOf,
  toolsOf,
} from './chat-request.ts'

const body = (changed: object): ChatBody => ({ model: 'm', messages: [], ...changed }) as ChatBody
const messages = (...given: object[]) => messagesOf(given as ChatBody['messages'])

describe('messages', () => {
  it('take a developer for a system message, and join parts of text', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]
    expect(messages({ role: 'developer', content }, { role: 'system', content: 'c' })).toEqual([
      { role: 'system', content: 'a\nb' },
      { role: 'system', content: 'c' },
    ])
  })

  it('keep what an assistant called, thought and refused, and name the tool of each result', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }
    expect(
      messages(
        { role: 'assistant', content: null, reasoning_content: 'hm', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: '21' },
        { role: 'tool', tool_call_id: 'unknown', content: [{ type: 'text', text: 'x' }] },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: '',
        reasoning: [{ text: 'hm' }],
        toolCalls: [{ id: 'c1', name: 'weather', arguments: '{}' }],
      },
      { role: 'tool', content: '21', toolCallId: 'c1', toolName: 'weather' },
      { role: 'tool', content: 'x', toolCallId: 'unknown' },
      { role: 'assistant', content: 'No.' },
    ])
  })

  it('take images as data and as links, and nothing else', () => {
    const image = (url: string, detail?: string) =>
      messages({ role: 'user', content: [{ type: 'image_url', image_url: { url, detail } }] })[0]!.content
    expect(image('data:image/png;base64,AAAA')).toEqual([
      { type: 'image', mediaType: 'image/png', data: 'AAAA' },
    ])
    expect(image('https://x.test/a.png', 'low')).toEqual([
      { type: 'image-url', url: 'https://x.test/a.png', detail: 'low' },
    ])
    for (const url of [
      'file:///etc/passwd',
      'data:text/html;base64,AAAA',
      'data:image/png;base64,',
      'cat.png',
    ]) {
      expect(() => image(url)).toThrow(expect.objectContaining({ code: 'gateway.bad-image' }))
    }
  })
})

describe('parameters', () => {
  it('prefer the newer name of the limit, and take one stop for a list', () => {
    expect(
      parametersOf(body({ max_tokens: 5, max_completion_tokens: 7, stop: 'END', reasoning_effort: 'xhigh' })),
    ).toEqual({
      maxTokens: 7,
      stop: ['END'],
      reasoningEffort: 'high',
    })
    expect(parametersOf(body({ temperature: 0, top_p: null, stop: [], seed: 0 }))).toEqual({
      temperature: 0,
      seed: 0,
    })
  })

  it('know tools, their choice and the shape of the answer', () => {
    const named = { type: 'function', function: { name: 'f' } }
    expect(toolsOf(body({ tools: [named] }))).toEqual([
      { name: 'f', parameters: { type: 'object', properties: {} } },
    ])
    const strict = { type: 'function', function: { name: 'f', parameters: {}, strict: true } }
    expect(toolsOf(body({ tools: [strict] }))).toEqual([{ name: 'f', parameters: {}, strict: true }])
    expect(toolChoiceOf('required')).toBe('required')
    expect(toolChoiceOf(named as never)).toEqual({ name: 'f' })
    expect(toolChoiceOf(null)).toBeUndefined()
    expect(responseFormatOf({ type: 'json_object' })).toEqual({ type: 'json-object' })
    expect(
      responseFormatOf({
        type: 'json_schema',
        json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
      }),
    ).toEqual({ type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true })
  })

  it('hand on what is not known here, and name what no answer could carry', () => {
    expect(
      restOf(body({ presence_penalty: 1, top_k: 40, logprobs: true, user: 'u', metadata: {}, x: null })),
    ).toEqual({
      extra: { presence_penalty: 1, top_k: 40 },
      ignored: ['logprobs'],
    })
  })
})
