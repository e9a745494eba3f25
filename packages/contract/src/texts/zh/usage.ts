export const usage = { errors: {} }
