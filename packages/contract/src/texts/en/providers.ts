export const providers = {
  /* In place of an error's `reason`. */
  reasons: {
    dns: 'its name is not found',
    refused: 'nothing listens there',
    tls: 'its certificate is not trusted',
    'connect-timeout': 'it did not accept in time',
    reset: 'it closed the connection',
    'no-route': 'there is no way to it from this server',
    'bad-address': 'it is not an address',
    blocked: 'the rules of this server refuse it',
    closed: 'it closed the connection',
    other: 'it did not say why',
  },
  /* In place of an error's `message` for whoever may not read it. */
  withheld: '(its own words are shown to those who manage connections)',
  errors: {
    'option-ignored': { title: '{option} was left out', detail: 'This provider does not know it.' },
    'option-changed': { title: '{option} was changed', detail: 'This provider takes it as “{to}” only.' },
    unreachable: {
      title: 'The provider cannot be reached',
      detail: 'The address does not answer ({reason}). Check it, and that this server may reach it.',
    },
    unauthorized: {
      title: 'The provider refuses the key',
      detail: 'It answered {status}. Put in a valid API key for this provider.',
    },
    forbidden: {
      title: 'The key may not do this',
      detail: 'The provider answered {status}. Check what this key is allowed, and the account behind it.',
    },
    'model-not-found': {
      title: 'The provider does not know this model',
      detail: 'It has no model "{model}". Choose one that it offers, or check the spelling.',
    },
    'rate-limited': {
      title: 'Too many requests for the provider',
      detail: 'It asks to slow down. Wait a moment, then try again.',
    },
    overloaded: {
      title: 'The provider is overloaded',
      detail: 'It takes no more requests right now. Try again in a moment.',
    },
    'context-too-long': {
      title: 'The conversation is too long for this model',
      detail:
        'Shorten the message, start a new conversation, or choose a model with a larger context window.',
    },
    refused: { title: 'The provider refuses the request', detail: 'It answered {status}: {message}' },
    failed: {
      title: 'The provider failed',
      detail: 'It answered {status}. Try again; if it goes on, look at the provider’s status page.',
    },
    'first-token-timeout': {
      title: 'No answer came in time',
      detail: 'Nothing arrived within {seconds} s. The model may be loading or overloaded: try again.',
    },
    stalled: {
      title: 'The answer stopped coming',
      detail: 'Nothing more arrived for {seconds} s. What had come is kept: try again.',
    },
    'cut-off': {
      title: 'The connection broke in mid-answer',
      detail: 'The provider closed it before the answer had ended. What had come is kept: try again.',
    },
    garbage: {
      title: 'The provider’s reply cannot be read',
      detail: 'It is not in the form of this provider kind. Check the provider kind and the base URL.',
    },
    'stream-error': {
      title: 'The provider reported an error in mid-answer',
      detail: '{message} What had come is kept: try again.',
    },
    'gave-up': {
      title: 'The provider ended the answer with an error',
      detail: 'It gave no reason; it may be short of resources. What had come is kept: try again.',
    },
    'list-not-offered': {
      title: 'No list of models',
      detail: 'This provider offers no list; the model id is tried as it is.',
    },
    'model-not-listed': { title: 'Not in the list', detail: '"{model}" is not among the {count} offered.' },
    'nothing-shown': {
      title: 'Nothing was shown',
      detail: 'The model ended without any text, perhaps after hidden reasoning.',
    },
    'rate-unknown': { title: 'Speed unknown', detail: 'The answer was too short to tell tokens a second.' },
  },
}
