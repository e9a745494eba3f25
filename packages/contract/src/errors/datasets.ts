export const datasetErrors = {
  'datasets.not-found': 404,
  'datasets.name-taken': 409,
  'datasets.empty': 422,
  'datasets.not-jsonl': 422,
  'datasets.no-good-rows': 422,
  'datasets.cut-off': 400,
  'datasets.too-large': 413,
  'datasets.no-space': 507,
  'datasets.in-use': 409,
  'datasets.not-ready': 409,
} as const
