export const platform = { errors: {} }
