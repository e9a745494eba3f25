export const trackingErrors = {
  'tracking.run-not-found': 404,
  'tracking.project-not-found': 404,
  'tracking.bad-key': 401,
} as const
