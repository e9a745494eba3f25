export const auth = { errors: {} }
