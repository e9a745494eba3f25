export const usage = {
  errors: {
    'bad-range': {
      title: 'This span of time cannot be read',
      detail: 'The end must lie behind the beginning, at most {days} days.',
    },
    'bad-zone': {
      title: 'This zone is not known',
      detail: 'Name an IANA zone such as Asia/Shanghai, not “{zone}”.',
    },
  },
}
