export const promptErrors = {} as const
