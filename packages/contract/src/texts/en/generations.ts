export const generations = { errors: {} }
