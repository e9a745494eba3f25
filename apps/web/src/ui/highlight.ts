import type { HLJSApi } from 'highlight.js'

export type CodeLanguage = 'bash' | 'json' | 'python' | 'yaml'

let loading: Promise<HLJSApi> | undefined

async function load(): Promise<HLJSApi> {
  const [core, bash, json, python, yaml] = await Promise.all([
    import('highlight.js/lib/core'),
    import('highlight.js/lib/languages/bash'),
    import('highlight.js/lib/languages/json'),
    import('highlight.js/lib/languages/python'),
    import('highlight.js/lib/languages/yaml'),
  ])
  const hljs = core.default
  hljs.registerLanguage('bash', bash.default)
  hljs.registerLanguage('json', json.default)
  hljs.registerLanguage('python', python.default)
  hljs.registerLanguage('yaml', yaml.default)
  return hljs
}

/** Code as coloured HTML (escaped), or null where colouring could not be loaded. */
export async function highlight(code: string, language: CodeLanguage): Promise<string | null> {
  try {
    const hljs = await (loading ??= load())
    return hljs.highlight(code, { language, ignoreIllegals: true }).value
  } catch {
    loading = undefined
    return null
  }
}
