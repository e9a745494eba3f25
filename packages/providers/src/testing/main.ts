import { parseArgs } from 'node:util'
import { startProviderStandIn } from './provider-stand-in.ts'
import type { StandInKind } from './wire.ts'

const KINDS: StandInKind[] = ['openai', 'deepseek', 'transformers-serve', 'anthropic', 'ollama']
const USAGE = `npm run stand-in -w @anneal/providers -- [--kind ${KINDS.join('|')}] [--port n] [--delay ms] [--tags] [--key text]`

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'deepseek' },
    port: { type: 'string', default: '0' },
    delay: { type: 'string', default: '20' },
    tags: { type: 'boolean', default: false },
    key: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const kind = KINDS.find((known) => known === values.kind)
if (values.help || kind === undefined) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(values.help ? 0 : 2)
}
const standIn = await startProviderStandIn({
  kind,
  port: Number(values.port),
  tokenDelayMs: Number(values.delay),
  firstTokenDelayMs: Number(values.delay),
  reasoningInTags: values.tags,
  apiKey: values.key,
})
process.stdout.write(`${standIn.url} answers as ${kind}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close())
