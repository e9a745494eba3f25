export const models = {
  errors: {
    'connection-not-found': {
      title: 'This connection does not exist',
      detail: 'It was deleted, or is not shared with you.',
    },
    'not-found': { title: 'This model does not exist', detail: 'It was deleted, or is not shared with you.' },
    'name-taken': { title: 'This name is taken', detail: 'Another model is called so. Choose another name.' },
    'connection-name-taken': {
      title: 'This name is taken',
      detail: 'Another connection is called so. Choose another name.',
    },
    managed: {
      title: 'A deployment looks after this one',
      detail: 'Change or delete the deployment instead.',
    },
    off: { title: '{name} is not served now', detail: 'Start its deployment, or choose another model.' },
  },
}
