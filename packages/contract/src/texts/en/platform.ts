export const platform = {
  errors: {
    'invalid-input': {
      title: 'Some fields need another look',
      detail: 'Mend what is marked, then send it again.',
    },
    'bad-json': { title: 'This is not valid JSON', detail: 'The body of the request could not be read.' },
    'bad-request': { title: 'This request cannot be read', detail: 'Check its method, headers and address.' },
    'body-too-large': { title: 'This is too large', detail: 'At most {limit} may be sent here.' },
    'unsupported-media-type': {
      title: 'This address takes JSON',
      detail: 'Send the body as application/json.',
    },
    'unsupported-encoding': {
      title: 'Packed bodies are not taken',
      detail: 'Send it as it is, without Content-Encoding.',
    },
    'too-deep': {
      title: 'This is nested too deeply',
      detail: 'Lists and objects may lie a hundred deep within each other.',
    },
    'bad-address': {
      title: 'This address cannot be read',
      detail: 'Something in it is escaped wrongly, or is longer than any address here.',
    },
    'request-timeout': {
      title: 'The request came too slowly',
      detail: 'Nothing was done. Try again on a better connection.',
    },
    'headers-too-large': {
      title: 'The address or the headers are too long',
      detail: 'Together they may have 16 KB.',
    },
    'no-such-route': { title: 'There is nothing here', detail: 'No page or interface has this address.' },
    'not-found': { title: 'This does not exist', detail: 'It was deleted, or is not shared with you.' },
    'link-ended': {
      title: 'This link has ended',
      detail: 'Links to files are good for an hour. Open the page again for a new one.',
    },
    'stale-version': {
      title: 'Someone changed this in the meantime',
      detail: 'Look at the present state, then make your change again.',
    },
    'idempotency-mismatch': {
      title: 'This Idempotency-Key is taken',
      detail: 'It was used for another request. Take a new one.',
    },
    'idempotency-running': {
      title: 'The first request is still being answered',
      detail: 'A request with this Idempotency-Key is under way. Wait for it.',
    },
    'idempotency-secret': {
      title: 'This was answered before',
      detail: 'The reply held a secret, so it was not kept. Make a new one if it is lost.',
    },
    'wrong-host': {
      title: 'This server is not known as {host}',
      detail: 'Set ANNEAL_PUBLIC_URL to the address that people use, and start the server again.',
    },
    'wrong-origin': { title: 'This came from another website', detail: 'Such a request is refused.' },
    busy: { title: 'The database is busy', detail: 'Try again in a moment.' },
    stopping: { title: 'The server is restarting', detail: 'Try again in a moment.' },
    internal: {
      title: 'Something went wrong on the server',
      detail: 'It is in the log under {requestId}. Try again, or show this to an administrator.',
    },
    'address-refused': {
      title: 'Calls to {host} are not allowed',
      detail: 'This server does not call such addresses. An administrator may allow private ones.',
    },
    'node-unreachable': {
      title: 'Another server holds this',
      detail: 'It cannot be reached from here now. Try again once it runs.',
    },
    'no-space': {
      title: 'The disk of the server is full',
      detail: 'Nothing was saved. Make room, then try again.',
    },
    'master-key-by-environment': {
      title: 'The master key of this server comes from ANNEAL_MASTER_KEY',
      detail:
        'Only you can change that. Name a file for the new key with --key-file: it is made if it is not there. Afterwards put what it holds into ANNEAL_MASTER_KEY on every server.',
    },
    'master-key-changing': {
      title: 'A change to another master key is under way',
      detail:
        'Let it come to its end first: call rotate-key without a key, or with the one that it began with.',
    },
    'master-key-same': {
      title: 'This is the present master key',
      detail: 'Give another one.',
    },
    'mail-off': {
      title: 'This server sends no mail',
      detail: 'Whoever runs it sets ANNEAL_SMTP_URL and starts it again.',
    },
    'mail-failed': {
      title: 'The mail could not be sent',
      detail: 'The server for mail said: {reason}',
    },
  },
  fields: {
    required: 'This is needed.',
    'wrong-type': 'This must be {type}.',
    'too-short': 'At least {n} character. | At least {n} characters.',
    'too-long': 'At most {n} character. | At most {n} characters.',
    'too-small': 'Must be {limit} or more.',
    'too-large': 'Must be {limit} or less.',
    'too-few': 'At least {n} entry. | At least {n} entries.',
    'too-many': 'At most {n} entry. | At most {n} entries.',
    'wrong-format': 'This does not have the right form.',
    'not-one-of': 'Must be one of: {choices}.',
    invalid: 'This is not valid.',
  },
  types: {
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
    null: 'null',
  },
}
