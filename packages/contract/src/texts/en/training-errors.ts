export const trainingErrors = {
  'not-found': {
    title: 'This training run does not exist',
    detail: 'It was deleted, or is not shared with you.',
  },
  'engine-not-ready': {
    title: 'The training engine is not ready',
    detail: 'Training and serving start once it is prepared. Its page shows how far it is.',
  },
  'dataset-not-ready': {
    title: 'This dataset cannot be trained on',
    detail: 'It is still being checked, or has no good rows. Choose another, or wait for the check.',
  },
  'base-model-missing': {
    title: 'No model in {path}',
    detail: 'Name a folder on the server that holds a config.json, or a model id of the hub.',
  },
  'checkpoint-gone': {
    title: 'This checkpoint is no longer there',
    detail:
      'Its files are gone: a trainer keeps its last three. Choose another, or begin from the base model.',
  },
  'checkpoint-other': {
    title: 'The checkpoint was trained in another way',
    detail: 'Base model and method must be those of {name}. Choose them again, or begin from the base model.',
  },
  'checkpoint-passed': {
    title: 'The checkpoint is at step {step} already',
    detail: 'Set more steps than that, or begin from the base model.',
  },
  'already-ended': { title: 'This run has ended', detail: 'Look at what it saved, or start another.' },
  'still-running': { title: 'This run is not over', detail: 'Stop it first, then delete it.' },
  'other-node': {
    title: 'This run lives on another server',
    detail: 'Its files and its process are on {node}. Open Anneal there to do this.',
  },
  'python-missing': {
    title: 'No Python was found',
    detail:
      'Training needs Python 3.10 to 3.14 on the server. Install it, or name it in ANNEAL_PYTHON, then try again.',
  },
  'python-too-old': {
    title: 'Python {version} is too old',
    detail:
      'Training needs Python 3.10 to 3.14. Install a newer one, or name it in ANNEAL_PYTHON, then try again.',
  },
  'python-too-new': {
    title: 'Python {version} is too new',
    detail:
      'The engine’s packages are made for Python 3.10 to 3.14. Name such a one in ANNEAL_PYTHON, then try again.',
  },
  'venv-missing': {
    title: 'Python {version} cannot make environments',
    detail: 'Its module venv is missing. On Debian and Ubuntu install python3-venv, then try again.',
  },
  'no-space': {
    title: 'Too little disk space',
    detail:
      'The engine needs {needed} GB in the data folder, and {free} GB are free. Make room, then try again.',
  },
  'no-network': {
    title: 'The packages cannot be reached',
    detail:
      'pip found no way to its index ({source}). Check the network, or set a mirror or proxy (PIP_INDEX_URL, ANNEAL_HTTP_PROXY), then try again.',
  },
  'install-failed': {
    title: 'The engine could not be installed',
    detail: 'The last lines of its log: {lines}',
  },
  GPU_OOM: {
    title: 'The GPU ran out of memory',
    detail: 'Try a smaller batch, a shorter maximum length, or LoRA in place of full training.',
  },
  HOST_OOM: {
    title: 'The server ran out of memory',
    detail:
      'The trainer said: {message}. Try a smaller batch or shorter rows, or end other programs on the server.',
  },
  KILLED: {
    title: 'The trainer was ended from outside',
    detail:
      'The system or a person ended it without asking. Most often memory has run out: try a smaller batch or shorter rows, or end other programs on the server.',
  },
  DATASET_FORMAT: {
    title: 'The dataset could not be read',
    detail: 'The trainer said: {message}',
  },
  NAN_LOSS: {
    title: 'The loss is no longer a number',
    detail:
      'The trainer said: {message}. The steps were too large for the weights; a lower learning rate often helps.',
  },
  DIVERGED: {
    title: 'The training went astray',
    detail:
      'The trainer said: {message}. By then it knew less than one who guesses; the steps were too large for the weights. A lower learning rate often helps.',
  },
  NO_ANSWERS_LEFT: {
    title: 'No row has room for its answer',
    detail:
      'Every question alone is as long as the longest row may be, so that nothing is left to learn. Allow longer rows.',
  },
  ANSWERS_CUT_OFF: {
    title: 'Some answers are not learned',
    detail: '{count} answers lie beyond the longest row and were left out.',
  },
  TEMPLATE: {
    title: 'The model has no chat template',
    detail: 'Choose a model made for chat. A base without a template cannot learn from conversations.',
  },
  MODEL_LOAD: {
    title: 'The base model could not be loaded',
    detail:
      'The trainer said: {message}. Check the name or path, whether the hub can be reached, and whether a licence has to be accepted there.',
  },
  DEPENDENCY: {
    title: 'The engine lacks a package',
    detail: 'The trainer said: {message}. Prepare the engine again on its page.',
  },
  DISK_FULL: {
    title: 'The disk is full',
    detail: 'The trainer could not write. Make room on the server, then start the run again.',
  },
  TRACKER: {
    title: 'The run went on without curves',
    detail: 'Its tracking failed: {message}',
  },
  RESUME_MISMATCH: {
    title: 'The checkpoint does not fit',
    detail: 'The trainer said: {message}. Start again from the base model.',
  },
  LOST: {
    title: 'The trainer is gone',
    detail:
      'It ended without a word, as after a power cut or a restart of the machine. What it saved before is kept.',
  },
  UNKNOWN: {
    title: 'The training failed',
    detail: 'The last word of the trainer: {message}',
  },
}
