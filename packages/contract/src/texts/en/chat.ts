export const chat = {
  errors: {
    'conversation-not-found': {
      title: 'This conversation does not exist',
      detail: 'It was deleted, or is not yours to see.',
    },
    'message-not-found': {
      title: 'This message does not exist',
      detail: 'It is not part of this conversation.',
    },
    'no-model': { title: 'No model is chosen', detail: 'Choose the model that is to answer.' },
    'answer-running': {
      title: 'An answer is being made already',
      detail: 'Wait for its end or stop it, then send again. Your message is kept as a draft.',
    },
  },
}
