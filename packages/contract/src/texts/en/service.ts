export const service = {
  errors: {
    'account-not-found': {
      title: 'There is no such service account',
      detail: 'It may belong to a group that you are not in.',
    },
    'not-kept': {
      title: 'You do not keep this service account',
      detail: 'Its keys are made and ended by whoever looks after its group, or is in it and manages users.',
    },
    'group-keeps-accounts': {
      title: 'This group keeps service accounts',
      detail: 'Give these to another group first: {names}.',
    },
    'no-person': {
      title: 'This is a service account',
      detail: 'It signs in by no way; it acts by its API keys.',
    },
  },
}
