export const admin = {
  errors: {
    'unknown-setting': {
      title: 'There is no such setting',
      detail: '“{key}” is none of this server. Nothing was changed.',
    },
    'bad-setting': {
      title: 'This value does not fit',
      detail: 'The setting “{key}” cannot hold it. Nothing was changed.',
    },
  },
}
