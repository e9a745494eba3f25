import { describe, expect, test } from 'vitest'
import { knownFacts } from './known-models.ts'
import { listedFacts } from './openai/listed-facts.ts'

describe('what a list says of a model', () => {
  test('OpenRouter: length, abilities and the price of a token', () => {
    expect(
      listedFacts({
        id: 'maker/model',
        context_length: 400_000,
        architecture: { input_modalities: ['text', 'image'] },
        pricing: { prompt: '0.00000125', completion: '0.00001', input_cache_read: '0.000000125' },
        top_provider: { max_completion_tokens: 128_000 },
        supported_parameters: ['tools', 'reasoning', 'structured_outputs'],
      }),
    ).toEqual({
      contextWindow: 400_000,
      maxOutput: 128_000,
      price: {
        currency: 'USD',
        inputMicros: 1_250_000,
        cachedInputMicros: 125_000,
        outputMicros: 10_000_000,
      },
      capabilities: { reasoning: true, tools: true, vision: true, json: true },
    })
  })

  test('a price that is no number, or below nothing, is none', () => {
    expect(listedFacts({ pricing: { prompt: '-1', completion: '0' } })).toEqual({})
    expect(listedFacts({ pricing: { prompt: 'free', completion: '0' } })).toEqual({})
    expect(listedFacts({ pricing: { prompt: '', completion: '0' } })).toEqual({})
  })

  test('vLLM: its length alone', () => {
    expect(listedFacts({ max_model_len: 32_768 })).toEqual({ contextWindow: 32_768 })
  })
})

describe('what is published of a model', () => {
  test('is found with and without its maker, whatever the case', () => {
    expect(knownFacts('openai/GPT-5-mini')).toMatchObject({ contextWindow: 400_000 })
    expect(knownFacts('text-embedding-3-small')).toEqual({ kind: 'embedding' })
    expect(knownFacts('BAAI/bge-m3').kind).toBe('embedding')
    expect(knownFacts('something-else')).toEqual({})
  })
})
