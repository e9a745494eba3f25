import type { Deployment } from '../training.api.ts'

const goingUp: readonly Deployment['state'][] = ['merging', 'starting', 'restarting']

/** The better of several deployments of one thing: one that serves, then one on its way, then the newest. */
export function bestOf(deployments: readonly Deployment[]): Deployment | undefined {
  return (
    deployments.find((one) => one.state === 'serving' && one.modelId !== null) ??
    deployments.find((one) => goingUp.includes(one.state)) ??
    deployments[0]
  )
}

/** On its way to serve, without anyone doing more. */
export const isGoingUp = (deployment: Deployment | undefined): boolean =>
  deployment !== undefined && goingUp.includes(deployment.state)
export const isServing = (deployment: Deployment | undefined): boolean =>
  deployment?.state === 'serving' && deployment.modelId !== null
