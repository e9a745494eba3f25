export const accessErrors = {
  'access.group-not-found': 404,
  'access.group-name-taken': 409,
  'access.resource-not-found': 404,
  'access.subject-not-found': 422,
  'access.follows': 409,
  'access.read-only': 422,
  'access.owner-cannot': 422,
  'access.others-closed': 403,
} as const
