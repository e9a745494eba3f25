export const tracking = {
  errors: {
    'run-not-found': { title: 'This run does not exist', detail: 'It was deleted, or is not yours to see.' },
    'project-not-found': {
      title: 'This project does not exist',
      detail: 'There is none of this name in the workspace, or it is not yours to see.',
    },
    'no-such-key': {
      title: 'Nothing was logged under this key',
      detail: 'The run holds neither images nor texts nor anything else under “{key}”.',
    },
    'bad-project-name': {
      title: 'A project cannot be called this',
      detail: 'Use 1 to 100 letters, digits and the marks _ - . + only: “{name}”',
    },
    'bad-path': {
      title: 'This path cannot be kept',
      detail: 'A file’s path lies within the run’s folder and has at most 8,192 characters: {path}',
    },
    'file-too-large': {
      title: 'The file is too large',
      detail: 'A run may save files of at most {limit}: {path}',
    },
    'too-many-files': {
      title: 'These are too many files at once',
      detail: 'At most {limit} can be announced in one request.',
    },
    'parts-missing': {
      title: 'The file is not complete',
      detail: '{arrived} of {expected} parts have arrived, or their size differs from what was announced.',
    },
    'bad-key': {
      title: 'The API key is not valid',
      detail: 'Make a new key with the scope “tracking”, and log in again.',
    },
  },
}
