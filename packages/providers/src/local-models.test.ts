import { afterEach, describe, expect, test } from 'vitest'
import { deleteLocalModel, listLocalModels, pullModel, providers } from './index.ts'
import type { PullProgress } from './index.ts'
import { nodeTransport, startProviderStandIn } from './testing/index.ts'
import type { ProviderStandIn, StandInOptions } from './testing/index.ts'

let standIn: ProviderStandIn | undefined
afterEach(() => standIn?.close())

const start = async (options: StandInOptions = {}) => {
  standIn = await startProviderStandIn({ kind: 'ollama', models: ['qwen3:8b'], ...options })
  return { baseUrl: standIn.url }
}
const context = (signal = new AbortController().signal) => ({ transport: nodeTransport, signal })
const seen: PullProgress[] = []
const pulling = (signal?: AbortSignal) => {
  seen.length = 0
  return { ...context(signal), onProgress: (progress: PullProgress) => void seen.push(progress) }
}

describe('models on an Ollama server', () => {
  test('are listed with size, parameters and quantization', async () => {
    const connection = await start()
    expect(await listLocalModels(connection, context())).toEqual([
      {
        name: 'qwen3:8b',
        sizeBytes: 5_225_387_923,
        parameterSize: '8.2B',
        quantization: 'Q4_K_M',
        changedAt: '2026-10-01T08:00:00.000000Z',
      },
    ])
  })

  test('are brought with progress summed over the layers', async () => {
    const connection = await start({ pull: { totalBytes: 1000, steps: 2 } })
    await pullModel(connection, 'gemma3:1b', pulling())
    expect(seen.map(({ completedBytes, totalBytes }) => [completedBytes, totalBytes])).toEqual([
      [undefined, undefined],
      [450, 900],
      [900, 900],
      [950, 1000],
      [1000, 1000],
      [1000, 1000],
      [1000, 1000],
      [1000, 1000],
    ])
    expect(seen.at(-1)?.phase).toBe('success')
    expect((await listLocalModels(connection, context())).map((model) => model.name)).toEqual([
      'qwen3:8b',
      'gemma3:1b',
    ])
  })

  test('that the registry does not have are named', async () => {
    const connection = await start({ pull: { missing: ['nothing:1b'] } })
    await expect(pullModel(connection, 'nothing:1b', pulling())).rejects.toMatchObject({
      code: 'provider.model-not-found',
      params: { model: 'nothing:1b' },
    })
  })

  test('stop coming when the caller stops, and the server is let go', async () => {
    const connection = await start({ pull: { steps: 1000, stepDelayMs: 5 } })
    const abort = new AbortController()
    const done = pullModel(connection, 'gemma3:1b', {
      ...pulling(abort.signal),
      onProgress: () => abort.abort('enough'),
    })
    await expect(done).rejects.toBe('enough')
    await expect.poll(() => standIn?.requests.at(-1)?.aborted).toBe(true)
  })

  test('that a server without an end sends are no success', async () => {
    const connection = await start()
    standIn?.set({ pull: { steps: 1, stepDelayMs: 50 } })
    const done = pullModel(connection, 'gemma3:1b', pulling())
    await expect.poll(() => seen.length).toBeGreaterThan(0)
    await standIn?.close()
    await expect(done).rejects.toMatchObject({ code: 'provider.cut-off' })
  })

  test('are deleted; one that is not there is a failure', async () => {
    const connection = await start()
    await deleteLocalModel(connection, 'qwen3:8b', context())
    expect(await listLocalModels(connection, context())).toEqual([])
    await expect(deleteLocalModel(connection, 'qwen3:8b', context())).rejects.toMatchObject({
      code: 'provider.model-not-found',
      status: 404,
    })
  })

  test('say what they can do', async () => {
    const connection = await start({
      models: ['qwen3:8b', 'nomic-embed-text'],
      capabilities: { 'qwen3:8b': ['completion', 'thinking'], 'nomic-embed-text': ['embedding'] },
    })
    expect(await providers.ollama.describe?.(connection, 'qwen3:8b', context())).toEqual({
      kind: 'chat',
      contextWindow: 40_960,
      capabilities: { reasoning: true, tools: false, vision: false, json: true },
    })
    expect(await providers.ollama.describe?.(connection, 'nomic-embed-text', context())).toMatchObject({
      kind: 'embedding',
    })
  })
})
