// What has to be built anew, decided by the content of the sources. Runs on Node 20 with nothing installed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './bootstrap.mjs'

const SHARED = ['package-lock.json', 'scripts/build.ts', 'packages']

/** The two things that are built, each with what it is made from. */
export const targets = {
  web: { output: 'apps/web/dist', proof: 'apps/web/dist/index.html', sources: [...SHARED, 'apps/web'] },
  server: {
    output: 'apps/server/dist',
    proof: 'apps/server/dist/main.js',
    sources: [...SHARED, 'apps/server'],
  },
}

const SKIPPED = new Set(['node_modules', 'dist', 'fixtures', '.vite'])

function* filesUnder(relative) {
  const absolute = path.join(root, relative)
  if (!existsSync(absolute)) return
  let entries
  try {
    entries = readdirSync(absolute, { withFileTypes: true })
  } catch {
    yield relative
    return
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (SKIPPED.has(entry.name) || entry.name.startsWith('dist.') || /\.test\.ts$|\.md$/.test(entry.name))
      continue
    const child = `${relative}/${entry.name}`
    if (entry.isDirectory()) yield* filesUnder(child)
    else if (entry.isFile()) yield child
  }
}

/** A hash over names and contents of a target's sources. */
export function sourceHash(name) {
  const hash = createHash('sha1')
  for (const source of targets[name].sources) {
    for (const file of filesUnder(source)) {
      hash.update(`${file}\0`).update(readFileSync(path.join(root, file)))
    }
  }
  return hash.digest('hex')
}

const stampFile = (name) => path.join(root, 'node_modules/.cache/anneal', `${name}.stamp`)

/** The names of the targets whose output is missing or older than their sources. */
export function staleTargets() {
  return Object.keys(targets).filter((name) => {
    if (!existsSync(path.join(root, targets[name].proof))) return true
    try {
      return readFileSync(stampFile(name), 'utf8') !== sourceHash(name)
    } catch {
      return true
    }
  })
}

/** Remembers what a target was built from; `hash` was taken before the build began. */
export function markBuilt(name, hash) {
  mkdirSync(path.dirname(stampFile(name)), { recursive: true })
  writeFileSync(stampFile(name), hash)
}
