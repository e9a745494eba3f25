export const home = { errors: {} }
