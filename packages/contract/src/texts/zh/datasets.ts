export const datasets = { errors: {} }
