export const identity = {
  errors: {
    'provider-not-found': {
      title: 'There is no such provider',
      detail: 'It may have been removed meanwhile.',
    },
    'issuer-unreachable': {
      title: 'The provider cannot be reached',
      detail:
        'Nothing useful answers at {url}: {reason}. Check the address, and whether this server may call it.',
    },
    'issuer-unlike': {
      title: 'The provider names itself otherwise',
      detail: 'It says that it is {issuer}. Enter the address exactly so.',
    },
    'issuer-unfit': {
      title: 'This provider lacks what a sign-in needs',
      detail: 'Its discovery document names no {what}.',
    },
  },
}
