export const gateway = { errors: {} }
