export const ui = { errors: {} }
