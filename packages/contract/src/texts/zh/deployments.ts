export const deployments = { errors: {} }
