export const chat = { errors: {} }
