import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRequest } from './answer-request.ts'
import type { StandInState } from './answer-request.ts'
import { anthropicWire } from './anthropic-wire.ts'
import { ollamaWire } from './ollama-wire.ts'
import { deepSeekWire, openAiWire, transformersServeWire } from './openai-wire.ts'
import type { ProviderStandIn, StandInOptions } from './stand-in-options.ts'
import type { StandInKind, WireFormat } from './wire.ts'

const FORMATS: Record<StandInKind, WireFormat> = {
  openai: openAiWire,
  deepseek: deepSeekWire,
  'transformers-serve': transformersServeWire,
  anthropic: anthropicWire,
  ollama: ollamaWire,
}

/** A local server that speaks a provider's true wire format and says what its script says. */
export const startProviderStandIn = async (options: StandInOptions = {}): Promise<ProviderStandIn> => {
  const format = FORMATS[options.kind ?? 'deepseek']
  const state: StandInState = { options, format, chats: 0, requests: [] }
  const server = createServer((request, response) => {
    answerRequest(state, request, response).catch(() => response.destroy())
  })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  await listening
  const { address, port } = server.address() as AddressInfo
  return {
    url: `http://${address}:${port}`,
    requests: state.requests,
    set: (changed) => {
      state.options = { ...state.options, ...changed }
    },
    close: () => {
      const { promise, resolve: closed } = Promise.withResolvers<void>()
      server.close(() => closed())
      server.closeAllConnections()
      return promise
    },
  }
}
