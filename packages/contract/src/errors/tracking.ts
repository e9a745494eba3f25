export const trackingErrors = {
  'tracking.run-not-found': 404,
  'tracking.project-not-found': 404,
  'tracking.workspace-not-found': 404,
  'tracking.bad-key': 401,
  'tracking.bad-path': 422,
  'tracking.bad-project-name': 422,
  'tracking.file-too-large': 413,
  'tracking.too-many-files': 413,
  'tracking.parts-missing': 409,
} as const
