import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** Prints the gzipped script of each first load from the build's manifest; ends with 1 when one is over its budget. */
interface Chunk {
  file: string
  imports?: string[]
}
const dist = new URL('./dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<
  string,
  Chunk
>
const budgets = [
  {
    name: 'sign-in',
    limit: 130_000,
    texts: 'texts/first-en.ts',
    parts: ['src/features/auth/SignInPage.vue'],
  },
  {
    name: 'home',
    limit: 200_000,
    texts: 'texts/en.ts',
    parts: ['src/app/shell/AppShell.vue', 'src/features/home/HomePage.vue'],
  },
]

function chunksOf(keys: string[], seen = new Set<string>()): Set<string> {
  for (const key of keys) {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) continue
    seen.add(key)
    chunksOf(chunk.imports ?? [], seen)
  }
  return seen
}

let over = false
for (const { name, limit, texts, parts } of budgets) {
  const words = Object.keys(manifest).filter((key) => key.endsWith(texts))
  const keys = chunksOf(['index.html', ...words, ...parts])
  const files = new Set([...keys].map((key) => manifest[key]?.file).filter((file) => file?.endsWith('.js')))
  files.add('theme.js')
  let bytes = 0
  for (const file of files)
    if (file) bytes += gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length
  over ||= bytes > limit
  process.stdout.write(`${name}: ${bytes} bytes of script, gzip (at most ${limit}), ${files.size} files\n`)
}
process.exitCode = over ? 1 : 0
