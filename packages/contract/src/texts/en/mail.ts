/** What is sent by mail, in its recipient's language. A line break parts paragraphs. */
export const mail = {
  signature: 'Anneal at {host}. This mail is sent by the server; nobody reads answers to it.',
  test: {
    subject: 'Mail from Anneal works',
    text: '{name} sent this mail from the settings, to see that it arrives. It has.',
  },
  reset: {
    subject: 'A new password for Anneal',
    text: 'Hello {name},\nsomeone, we suppose you, asked for a new password for this account. The link works once, for a day.',
    action: 'Choose a new password',
    end: 'If it was not you, do nothing: your password stays as it is.',
  },
  resetOutside: {
    subject: 'Your password for Anneal is kept elsewhere',
    text: 'Hello {name},\nsomeone, we suppose you, asked for a new password for this account. It has none here: you sign in through {provider}.',
    action: 'Go to sign-in',
    end: 'If it was not you, do nothing.',
  },
  invitation: {
    subject: '{by} invites you to Anneal',
    text: 'Hello,\n{by} invites you to Anneal, where your team works with language models. The link works once, for seven days.',
    action: 'Accept the invitation',
    end: 'If you do not know {by}, delete this mail.',
  },
  registration: {
    subject: 'Confirm your address for Anneal',
    text: 'Hello,\nsomeone, we suppose you, asked for an account with this address. The link makes it; it works once, for a day.',
    action: 'Make the account',
    end: 'If it was not you, do nothing: no account is made.',
  },
  registered: {
    subject: 'You have an account at Anneal already',
    text: 'Hello {name},\nsomeone, we suppose you, asked for an account with this address. There is one already: sign in with it.',
    action: 'Go to sign-in',
    end: 'If it was not you, do nothing.',
  },
}
