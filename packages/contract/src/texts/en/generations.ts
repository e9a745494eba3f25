export const generations = {
  errors: {
    'not-found': { title: 'This answer does not exist', detail: 'It was deleted, or is not yours to see.' },
    interrupted: {
      title: 'The server was restarted in mid-answer',
      detail: 'What had come is kept. Try again for a whole answer.',
    },
    'too-many': {
      title: 'Too many answers at once',
      detail: 'The server makes as many as it can. Try again in a moment.',
    },
  },
}
