export const prompts = {
  title: 'Prompts',
  errors: {
    'not-found': {
      title: 'This prompt does not exist',
      detail: 'It was deleted, or is not shared with you.',
    },
    'version-not-found': {
      title: 'This version does not exist',
      detail: '{name} has no version {version}.',
    },
    'no-production': {
      title: '{name} has nothing in production',
      detail: 'Choose a version, or move the production label to one.',
    },
    'name-taken': {
      title: 'There is a prompt named {name} already',
      detail: 'Names are shared by everyone here. Choose another.',
    },
    'variable-missing': {
      title: 'The variable {name} has no value',
      detail: 'Give it a value; it has no default.',
    },
    'variable-unknown': {
      title: 'The text has no variable {name}',
      detail: 'Write it into the text in double braces, or leave it out.',
    },
    'version-archived': {
      title: 'Version {version} is archived',
      detail: 'Take it out of the archive first, or choose another version.',
    },
    'version-labelled': {
      title: 'Version {version} carries a label',
      detail: 'It is in {label}. Move the label to another version first.',
    },
  },
}
