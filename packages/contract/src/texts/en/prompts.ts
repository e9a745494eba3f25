export const prompts = { errors: {} }
