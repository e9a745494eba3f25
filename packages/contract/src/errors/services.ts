export const serviceErrors = {
  'service.account-not-found': 404,
  'service.not-kept': 403,
  'service.group-keeps-accounts': 409,
  'service.no-person': 409,
} as const
