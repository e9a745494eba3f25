// `npm run build`: installs what is missing and builds what is stale; with names (`web`, `server`) exactly those.
import { becomeNode, ensureInstalled, requireSystem, root } from './lib/bootstrap.mjs'
import { buildStale } from './lib/build-stale.mjs'

requireSystem()
process.chdir(root)
ensureInstalled()
const names = process.argv.slice(2)
if (names.length === 0) buildStale()
else becomeNode(['scripts/build.ts', ...names])
