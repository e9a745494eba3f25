export const providers = { errors: {} }
