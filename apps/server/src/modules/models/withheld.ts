import type { Actor } from '../../platform/context.ts'
import type { Problem } from './problem.ts'

/**
 * A failure as this actor may read it. A provider's own words can quote a key, an account or somebody's request: they
 * are for those who manage connections. Others get the cause and what to do.
 */
export function failureFor<T extends Problem>(actor: Actor, problem: T): T {
  const mayReadAll =
    actor.kind === 'system' || (actor.kind !== 'nobody' && actor.permissions.has('connections.manage'))
  if (mayReadAll || !problem.params['message']) return problem
  return { ...problem, params: { ...problem.params, message: '', withheld: 'message' } }
}
