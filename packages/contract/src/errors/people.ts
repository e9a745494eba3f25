export const peopleErrors = {
  'people.delete-self': 409,
  'people.heir-needed': 422,
  'people.name-differs': 422,
  'people.csv-empty': 422,
  'people.csv-columns': 422,
  'people.csv-too-long': 422,
  'people.csv-broken': 422,
  'people.import-not-found': 404,
  'people.results-taken': 410,
  'people.avatar-kind': 422,
} as const
