export const models = { errors: {} }
