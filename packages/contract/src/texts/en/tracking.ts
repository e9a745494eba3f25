export const tracking = {
  errors: {
    'run-not-found': { title: 'This run does not exist', detail: 'It was deleted, or is not yours to see.' },
    'project-not-found': {
      title: 'This project does not exist',
      detail: 'There is none of this name in the workspace, or it is not yours to see.',
    },
    'bad-key': {
      title: 'The API key is not valid',
      detail: 'Make a new key with the scope “tracking”, and log in again.',
    },
  },
}
