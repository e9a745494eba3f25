export const deploymentErrors = {
  'deployments.not-found': 404,
  'deployments.nothing-to-serve': 409,
  'deployments.name-taken': 409,
  'deployments.other-node': 409,
  'deployments.crashed': 500,
  'deployments.start-timeout': 500,
  'deployments.merge-failed': 500,
  'deployments.out-of-memory': 500,
} as const
