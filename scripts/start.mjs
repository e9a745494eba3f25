// `npm start`: installs what is missing, builds what is stale, then becomes the server.
import path from 'node:path'
import { becomeNode, ensureInstalled, requireSystem, root } from './lib/bootstrap.mjs'
import { buildStale } from './lib/build-stale.mjs'

requireSystem()
process.chdir(root)
ensureInstalled()
buildStale()
becomeNode([path.join(root, 'apps/server/dist/main.js'), ...process.argv.slice(2)], {
  NODE_ENV: process.env.NODE_ENV ?? 'production',
  NODE_COMPILE_CACHE:
    process.env.NODE_COMPILE_CACHE ?? path.join(root, 'node_modules/.cache/anneal/compiled'),
})
