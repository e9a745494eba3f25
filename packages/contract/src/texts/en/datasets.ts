export const datasets = {
  title: 'Datasets',
  states: { checking: 'Checking', ready: 'Ready', failed: 'Failed' },
  formats: {
    messages: 'messages',
    'prompt-completion': 'prompt and completion',
    alpaca: 'Alpaca',
    sharegpt: 'ShareGPT',
  },
  roles: { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' },
  reasons: {
    'not-json': { title: 'Not valid JSON', detail: 'Each line must be one complete JSON object.' },
    'not-object': { title: 'Not a JSON object', detail: 'A row is an object, in curly brackets.' },
    'not-utf8': { title: 'Not valid UTF-8', detail: 'Save the file as UTF-8.' },
    'too-long': { title: 'The row is too long', detail: 'It has {bytes} bytes; at most {limit} are read.' },
    'unknown-format': {
      title: 'No known format',
      detail: 'It has neither messages, prompt and completion, instruction and output, nor conversations.',
    },
    'wrong-type': { title: 'A field has the wrong type', detail: '{field} must be of the type {expected}.' },
    'unknown-role': { title: 'Unknown role', detail: 'Turn {turn} is by “{role}”.' },
    'no-turns': { title: 'No turns', detail: 'The conversation is empty.' },
    'empty-content': { title: 'An empty turn', detail: 'Turn {turn} says nothing.' },
    'tool-calls': {
      title: 'Holds tool calls',
      detail: 'Turn {turn} calls a tool; such rows are not trained on.',
    },
    'system-later': {
      title: 'System message not at the beginning',
      detail: 'Turn {turn} is a system message; only the first may be one.',
    },
    'first-not-user': {
      title: 'First turn is not from the user',
      detail: 'Turn {turn} is by {role}; a conversation begins with the user.',
    },
    'wrong-order': {
      title: 'Turns out of order',
      detail: 'Turn {turn} is by {role}; user and assistant take turns.',
    },
    'last-not-assistant': {
      title: 'Last turn is not from the assistant',
      detail: 'It is by {role}; training learns from answers.',
    },
  },
  errors: {
    'not-found': {
      title: 'This dataset does not exist',
      detail: 'It was deleted, or is not shared with you.',
    },
    'name-taken': { title: 'You have a dataset named {name} already', detail: 'Choose another name.' },
    empty: { title: 'The file is empty', detail: 'Choose a JSONL file with at least one row.' },
    'not-jsonl': {
      title: 'This is one JSON document, not JSONL',
      detail:
        'Write each row as a JSON object on a line of its own, without the brackets and commas around all. jq -c ".[]" file.json does that for a list.',
    },
    'wrong-encoding': {
      title: 'The file is not UTF-8',
      detail: 'It looks like UTF-16. Save it as UTF-8, then upload it again.',
    },
    compressed: {
      title: 'The file is compressed',
      detail: 'Unpack it, then upload the JSONL file that is in it.',
    },
    binary: {
      title: 'This is not a text file',
      detail: 'A dataset is a JSONL file: one JSON object a line.',
    },
    'no-good-rows': {
      title: 'No row can be used',
      detail: 'All {rows} rows were set aside. The checks say why; mend the file and upload it again.',
    },
    'check-failed': { title: 'The check broke off', detail: 'The file is kept. Check it again.' },
    'cut-off': { title: 'The upload was cut off', detail: 'Nothing was kept. Send the file again.' },
    'too-large': { title: 'The file is too large', detail: 'At most {limit} can be uploaded.' },
    'no-space': {
      title: 'The disk of the server is full',
      detail: 'Nothing was kept. Make room, then send the file again.',
    },
    'not-ready': {
      title: 'It is still being checked',
      detail: 'Its rows are shown once the first check has ended.',
    },
  },
}
