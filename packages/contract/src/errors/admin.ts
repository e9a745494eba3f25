export const adminErrors = {
  'admin.unknown-setting': 422,
  'admin.bad-setting': 422,
} as const
