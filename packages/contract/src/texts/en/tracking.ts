export const tracking = { errors: {} }
