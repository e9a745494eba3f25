import { describe, expect, test } from 'vitest'
import type { Model, OfferedModel } from '../models.api.ts'
import { bodyOf, emptyFields, faultsOf, fieldsOf, suggest, takeOver } from './model-fields.ts'

const price = { currency: 'EUR', inputMicros: 280_000, cachedInputMicros: null, outputMicros: 420_000 }
const offered: OfferedModel = {
  id: 'm',
  kind: 'chat',
  contextWindow: 128_000,
  maxOutput: null,
  capabilities: { reasoning: true, tools: null, vision: false, json: null },
  price,
  added: false,
}

describe('the form of a model', () => {
  test('what is stored comes back as it was', () => {
    const stored = {
      connectionId: 'c',
      provider: 'ollama',
      providerModel: 'm',
      name: 'M',
      kind: 'chat',
      enabled: false,
      visibility: 'private',
      contextWindow: 8192,
      maxOutput: null,
      capabilities: { reasoning: null, tools: true, vision: false, json: null },
      reasoningProfile: 'anywhere',
      price,
      parameters: { temperature: 0, stop: ['END', 'STOP'], reasoningEffort: 'low' },
    } as Partial<Model> as Model
    const { providerModel, connectionId, provider, ...sent } = stored
    expect([providerModel, connectionId, provider]).toEqual(['m', 'c', 'ollama'])
    expect(bodyOf({ ...emptyFields(), ...fieldsOf(stored) })).toEqual(sent)
  })

  test('what the provider says fills what is empty, and overwrites nothing', () => {
    const fields = { ...emptyFields(), contextWindow: '1000' }
    suggest(fields, offered)
    expect(bodyOf(fields)).toMatchObject({ contextWindow: 1000, price, capabilities: offered.capabilities })
    suggest(fields, { ...offered, price: { ...price, inputMicros: 1 } })
    expect(bodyOf(fields).price).toEqual(price)
  })

  test('a change of somebody else is taken over, but for what was changed here', () => {
    const initial = { ...emptyFields(), name: 'old', contextWindow: '1' }
    const mine = { ...initial, name: 'mine' }
    const stored = { ...initial, name: 'theirs', contextWindow: '2' }
    expect(takeOver(mine, initial, stored)).toEqual({ ...stored, name: 'mine' })
  })

  test('names each fault', () => {
    expect(faultsOf(emptyFields())).toEqual({})
    const wrong = {
      ...emptyFields(),
      contextWindow: '1.5',
      priceInput: 'x',
      currency: 'euro',
      temperature: '2.1',
      topP: '-1',
      seed: '0',
      stop: 'a\nb\nc\nd\ne',
    }
    expect(faultsOf(wrong)).toEqual({
      contextWindow: 'whole',
      priceInput: 'price',
      priceOutput: 'incomplete',
      currency: 'currency',
      temperature: 'temperature',
      topP: 'topP',
      stop: 'stop',
    })
  })
})
