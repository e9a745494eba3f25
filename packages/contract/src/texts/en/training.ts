export const training = { errors: {} }
