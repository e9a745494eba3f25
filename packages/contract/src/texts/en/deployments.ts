export const deployments = {
  states: {
    merging: 'Merging',
    starting: 'Starting',
    serving: 'Serving',
    restarting: 'Restarting',
    stopping: 'Stopping',
    stopped: 'Stopped',
    failed: 'Failed',
    lost: 'Lost',
  },
  errors: {
    'not-found': {
      title: 'This deployment does not exist',
      detail: 'It was deleted, or is not shared with you.',
    },
    'nothing-to-serve': {
      title: 'There is nothing to serve yet',
      detail:
        'This run has saved neither a result nor a checkpoint. Stop it and it saves one, or wait for its end.',
    },
    'name-taken': {
      title: 'This name is taken',
      detail: 'Another deployment is called so. Choose another name.',
    },
    'other-node': {
      title: 'This lives on another server',
      detail: 'Its process and files are on {node}. Open Anneal there to do this.',
    },
    crashed: {
      title: 'The model’s process ended',
      detail: 'It ended by itself ({reason}). The last word in its log: {message}',
    },
    'start-timeout': {
      title: 'The model did not start in time',
      detail: 'It gave no answer within {minutes} min. Its log may say why.',
    },
    'merge-failed': {
      title: 'The adapter could not be merged',
      detail: 'Merging it into its base model failed: {message}',
    },
    'out-of-memory': {
      title: 'The server ran out of memory',
      detail: 'The system ended the model’s process. Stop another deployment, or serve a smaller model.',
    },
  },
}
