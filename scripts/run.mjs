// Every command but `npm start`: installs what is missing, with `--build` builds what is stale, then becomes
// the given script on the project's Node.
import { becomeNode, ensureInstalled, requireSystem } from './lib/bootstrap.mjs'
import { buildStale } from './lib/build-stale.mjs'

const words = process.argv.slice(2)
const isBuild = words[0] === '--build'
const [script, ...args] = isBuild ? words.slice(1) : words

requireSystem()
ensureInstalled()
if (isBuild) buildStale()
if (script) becomeNode([script, ...args])
