import { existsSync, globSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { rolldown } from 'rolldown'
import { build as buildVite } from 'vite'
import { root } from './lib/bootstrap.mjs'
import { markBuilt, sourceHash, targets } from './lib/staleness.mjs'

type Target = keyof typeof targets

/** A package of npm or Node stays outside the bundle; our own packages and files go in. */
function isExternal(id: string): boolean {
  if (id.startsWith('.') || path.isAbsolute(id)) return false
  return !id.startsWith('@anneal/')
}

/** The server's entries by output name: the main file, and every worker thread under its own path. */
function serverEntries(): Record<string, string> {
  const source = path.join(root, 'apps/server/src')
  const entries: Record<string, string> = { main: path.join(source, 'main.ts') }
  for (const file of globSync('**/*.worker.ts', { cwd: source }).toSorted()) {
    entries[file.replaceAll(path.sep, '/').replace(/\.ts$/, '')] = path.join(source, file)
  }
  return entries
}

async function buildServer(outputFolder: string): Promise<void> {
  const bundle = await rolldown({
    input: serverEntries(),
    platform: 'node',
    external: isExternal,
    cwd: root,
    logLevel: 'warn',
  })
  await bundle.write({
    dir: outputFolder,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await bundle.close()
}

async function buildWeb(outputFolder: string): Promise<void> {
  await buildVite({
    root: path.join(root, 'apps/web'),
    logLevel: 'warn',
    build: { outDir: outputFolder, emptyOutDir: true },
  })
}

/** Builds beside the old output and then changes places, so that a failed build leaves the old one. */
async function build(name: Target): Promise<void> {
  const hash = sourceHash(name)
  const output = path.join(root, targets[name].output)
  const next = `${output}.next-${process.pid}`
  const old = `${output}.old-${process.pid}`
  try {
    await (name === 'web' ? buildWeb(next) : buildServer(next))
    if (existsSync(output)) renameSync(output, old)
    renameSync(next, output)
    markBuilt(name, hash)
  } finally {
    rmSync(next, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

const asked = process.argv.slice(2)
const names = (asked.length > 0 ? asked : Object.keys(targets)) as Target[]
for (const name of names) {
  if (!(name in targets)) throw new TypeError(`Unknown target ${name}: ${Object.keys(targets).join(', ')}`)
}
await Promise.all(names.map(build))
