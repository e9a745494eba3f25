import type { Connection } from '../provider.ts'

/** Ollama itself knows no key; a proxy in front of it may. */
export const headersFor = ({ apiKey }: Connection): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/x-ndjson, application/json',
  'accept-encoding': 'identity',
  ...(apiKey && { authorization: `Bearer ${apiKey}` }),
})
