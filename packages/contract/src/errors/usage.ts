export const usageErrors = {
  'usage.bad-range': 422,
  'usage.bad-zone': 422,
} as const
