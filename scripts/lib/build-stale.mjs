import { spawnSync } from 'node:child_process'
import { fail, projectEnvironment, projectNode, root, say } from './bootstrap.mjs'
import { staleTargets } from './staleness.mjs'

/** Builds what is stale, as a process of the project's Node; ends the process where that fails. */
export function buildStale() {
  const stale = staleTargets()
  if (stale.length === 0) return
  const began = Date.now()
  say(`Building ${stale.join(' and ')} …`)
  const result = spawnSync(projectNode(), ['scripts/build.ts', ...stale], {
    cwd: root,
    env: projectEnvironment(),
    stdio: ['ignore', 2, 2],
  })
  if (result.status !== 0) fail('the build failed (see above).')
  say(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
}
