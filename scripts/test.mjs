// `npm test`: installs what is missing, builds what is stale, then runs every test on the project's Node.
import { becomeNode, ensureInstalled, requireSystem, root } from './lib/bootstrap.mjs'
import { buildStale } from './lib/build-stale.mjs'

requireSystem()
process.chdir(root)
ensureInstalled()
buildStale()
becomeNode(['scripts/test/run.ts', ...process.argv.slice(2)])
