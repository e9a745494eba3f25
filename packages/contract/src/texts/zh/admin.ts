export const admin = { errors: {} }
