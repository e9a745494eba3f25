export const compare = { errors: {} }
