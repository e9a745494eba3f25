export const access = {
  errors: {
    'group-not-found': { title: 'There is no such group', detail: 'It was deleted, or you are not in it.' },
    'group-name-taken': { title: 'There is a group “{name}” already', detail: 'Choose another name.' },
    'resource-not-found': {
      title: 'There is no such thing, or you may not see it',
      detail: 'It was deleted, or its owner shares it with others.',
    },
    'subject-not-found': {
      title: 'One of those chosen is not there any more',
      detail: 'Open the dialog again and choose anew.',
    },
    follows: {
      title: 'Who sees this is decided where it lies',
      detail: 'Share what it belongs to instead.',
    },
    'read-only': {
      title: 'This can be shared for reading only',
      detail: 'Others read it and go on with a copy of their own; it stays yours.',
    },
    'owner-cannot': {
      title: 'The role of {name} does not allow to own this',
      detail: 'Choose someone who may change things of this kind.',
    },
    'others-closed': {
      title: 'The conversations of others are closed',
      detail: 'The setting “Read others’ conversations” is off.',
    },
  },
}
