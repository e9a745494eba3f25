export const gatewayErrors = {} as const
