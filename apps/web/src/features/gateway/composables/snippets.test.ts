import { describe, expect, it } from 'vitest'
import { type SnippetFacts, installOf, snippetLanguages, snippetOf } from './snippets.ts'

/* Words that would break out of a quoted text. */
const hostile = `it's "quoted", $HOME \`id\` \\ and\na second line, 你好`
const facts: SnippetFacts = {
  address: 'http://anneal:4600/v1',
  model: 'a "model"',
  kind: 'chat',
  text: hostile,
}

describe('snippets', () => {
  it('name address and model, and never a key', () => {
    for (const language of snippetLanguages) {
      for (const client of ['openai', 'plain'] as const) {
        const code = snippetOf(language, client, { ...facts, model: 'm1' })
        expect(code).toContain('http://anneal:4600/v1')
        expect(code).toContain('m1')
        expect(code).toContain('ANNEAL_API_KEY')
      }
    }
  })

  it('send exactly what was typed: curl', () => {
    const code = snippetOf('curl', 'plain', facts)
    /* One word of a shell: in single quotes all is taken as it stands but a single quote. */
    const [, word = ''] = /-d ((?:'[^']*'|\\')+)$/.exec(code) ?? []
    const body: unknown = JSON.parse(word.slice(1, -1).replaceAll("'\\''", "'"))
    expect(body).toMatchObject({ model: 'a "model"', stream: true, messages: [{ content: hostile }] })
  })

  it('send exactly what was typed: TypeScript', async () => {
    const code = snippetOf('typescript', 'plain', facts)
    let sent: unknown
    const fetch = async (_url: string, options: { body: string }) => {
      sent = JSON.parse(options.body)
      return { json: async () => ({ choices: [{ message: { content: '' } }] }) }
    }
    /* The snippet is a module's body: it awaits at its top. */
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor
    await AsyncFunction('fetch', 'process', 'console', code)(fetch, { env: {} }, { log: () => undefined })
    expect(sent).toMatchObject({ model: 'a "model"', messages: [{ content: hostile }] })
  })

  it('call embeddings for a model that makes them', () => {
    const embedding: SnippetFacts = { ...facts, kind: 'embedding' }
    expect(snippetOf('curl', 'plain', embedding)).toContain('/v1/embeddings')
    expect(snippetOf('python', 'openai', embedding)).toContain('client.embeddings.create')
    expect(snippetOf('typescript', 'plain', embedding)).toContain('/v1/embeddings')
  })

  it('say what to install', () => {
    expect(installOf('python', 'openai')).toBe('pip install openai')
    expect(installOf('typescript', 'openai')).toBe('npm install openai')
    expect(installOf('curl', 'openai')).toBeNull()
    expect(installOf('python', 'plain')).toBeNull()
  })
})
