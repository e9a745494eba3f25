export const snippetLanguages = ['curl', 'python', 'typescript'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]
/** With OpenAI's own package, or with what the language brings. */
export type SnippetClient = 'openai' | 'plain'

export interface SnippetFacts {
  /** With `/v1`. */
  address: string
  model: string
  kind: 'chat' | 'embedding'
  text: string
}

const quoted = (text: string): string => JSON.stringify(text)
/** A body as one argument of a shell. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function bodyOf({ model, kind, text }: SnippetFacts, stream: boolean): Record<string, unknown> {
  if (kind === 'embedding') return { model, input: text }
  return { model, messages: [{ role: 'user', content: text }], ...(stream ? { stream } : {}) }
}

const pathOf = ({ address, kind }: SnippetFacts): string =>
  `${address}/${kind === 'embedding' ? 'embeddings' : 'chat/completions'}`

function curl(facts: SnippetFacts): string {
  const body = JSON.stringify(bodyOf(facts, facts.kind === 'chat'), null, 2)
  return [
    `curl ${facts.kind === 'chat' ? '-N ' : ''}${pathOf(facts)} \\`,
    '  -H "Authorization: Bearer $ANNEAL_API_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d ${shellQuoted(body)}`,
  ].join('\n')
}

function python(facts: SnippetFacts): string {
  const begin = [
    'import os',
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${quoted(facts.address)},`,
    '    api_key=os.environ["ANNEAL_API_KEY"],',
    ')',
  ]
  if (facts.kind === 'embedding') {
    return [
      ...begin,
      `reply = client.embeddings.create(model=${quoted(facts.model)}, input=${quoted(facts.text)})`,
      'print(len(reply.data[0].embedding))',
    ].join('\n')
  }
  return [
    ...begin,
    'stream = client.chat.completions.create(',
    `    model=${quoted(facts.model)},`,
    `    messages=[{"role": "user", "content": ${quoted(facts.text)}}],`,
    '    stream=True,',
    ')',
    'for chunk in stream:',
    '    if chunk.choices:',
    '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
  ].join('\n')
}

function plainPython(facts: SnippetFacts): string {
  return [
    'import json, os, urllib.request',
    '',
    `body = json.loads(${quoted(JSON.stringify(bodyOf(facts, false)))})`,
    'request = urllib.request.Request(',
    `    ${quoted(pathOf(facts))},`,
    '    data=json.dumps(body).encode(),',
    '    headers={',
    '        "Authorization": f"Bearer {os.environ[\'ANNEAL_API_KEY\']}",',
    '        "Content-Type": "application/json",',
    '    },',
    ')',
    'with urllib.request.urlopen(request) as reply:',
    facts.kind === 'embedding'
      ? '    print(len(json.load(reply)["data"][0]["embedding"]))'
      : '    print(json.load(reply)["choices"][0]["message"]["content"])',
  ].join('\n')
}

function typescript(facts: SnippetFacts): string {
  const begin = [
    "import OpenAI from 'openai'",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${quoted(facts.address)},`,
    '  apiKey: process.env.ANNEAL_API_KEY,',
    '})',
  ]
  if (facts.kind === 'embedding') {
    return [
      ...begin,
      'const reply = await client.embeddings.create({',
      `  model: ${quoted(facts.model)},`,
      `  input: ${quoted(facts.text)},`,
      '})',
      'console.log(reply.data[0].embedding.length)',
    ].join('\n')
  }
  return [
    ...begin,
    'const stream = await client.chat.completions.create({',
    `  model: ${quoted(facts.model)},`,
    `  messages: [{ role: 'user', content: ${quoted(facts.text)} }],`,
    '  stream: true,',
    '})',
    'for await (const chunk of stream) {',
    "  process.stdout.write(chunk.choices[0]?.delta.content ?? '')",
    '}',
  ].join('\n')
}

function plainTypescript(facts: SnippetFacts): string {
  const body = JSON.stringify(bodyOf(facts, false), null, 2).replaceAll('\n', '\n  ')
  return [
    `const reply = await fetch(${quoted(pathOf(facts))}, {`,
    "  method: 'POST',",
    '  headers: {',
    '    Authorization: `Bearer ${process.env.ANNEAL_API_KEY}`,',
    "    'Content-Type': 'application/json',",
    '  },',
    `  body: JSON.stringify(${body}),`,
    '})',
    facts.kind === 'embedding'
      ? 'console.log((await reply.json()).data[0].embedding.length)'
      : 'console.log((await reply.json()).choices[0].message.content)',
  ].join('\n')
}

/** A call of the gateway to copy; it runs as it stands once the key is in `ANNEAL_API_KEY`. */
export function snippetOf(language: SnippetLanguage, client: SnippetClient, facts: SnippetFacts): string {
  if (language === 'curl') return curl(facts)
  if (language === 'python') return client === 'openai' ? python(facts) : plainPython(facts)
  return client === 'openai' ? typescript(facts) : plainTypescript(facts)
}

/** What has to be installed before; null where nothing has. */
export function installOf(language: SnippetLanguage, client: SnippetClient): string | null {
  if (language === 'curl' || client === 'plain') return null
  return language === 'python' ? 'pip install openai' : 'npm install openai'
}
