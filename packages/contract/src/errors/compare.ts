export const compareErrors = {} as const
