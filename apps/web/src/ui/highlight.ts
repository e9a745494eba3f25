import type { HLJSApi, LanguageFn } from 'highlight.js'

const languages = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  go: () => import('highlight.js/lib/languages/go'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
} satisfies Record<string, () => Promise<{ default: LanguageFn }>>

export type CodeLanguage = keyof typeof languages

const otherNames: Record<string, CodeLanguage> = {
  'c#': 'csharp',
  'c++': 'cpp',
  cs: 'csharp',
  html: 'xml',
  js: 'javascript',
  jsx: 'javascript',
  kt: 'kotlin',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svg: 'xml',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  yml: 'yaml',
  zsh: 'bash',
}

/** The language behind a name as it stands after a fence; undefined for one that is not coloured. */
export function knownLanguage(name: string): CodeLanguage | undefined {
  const lower = name.toLowerCase()
  if (Object.hasOwn(languages, lower)) return lower as CodeLanguage
  return Object.hasOwn(otherNames, lower) ? otherNames[lower] : undefined
}

let loading: Promise<HLJSApi> | undefined

/** Code as coloured HTML (escaped), or null where colouring could not be loaded. */
export async function highlight(code: string, language: CodeLanguage): Promise<string | null> {
  try {
    const hljs = await (loading ??= import('highlight.js/lib/core').then((core) => core.default))
    if (!hljs.getLanguage(language)) hljs.registerLanguage(language, (await languages[language]()).default)
    return hljs.highlight(code, { language, ignoreIllegals: true }).value
  } catch {
    loading = undefined
    return null
  }
}
