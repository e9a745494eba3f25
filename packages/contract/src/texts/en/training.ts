export const training = {
  states: {
    queued: 'Queued',
    preparing: 'Preparing',
    running: 'Training',
    stopping: 'Stopping',
    stopped: 'Stopped',
    finalizing: 'Saving',
    succeeded: 'Finished',
    failed: 'Failed',
    cancelled: 'Cancelled',
    lost: 'Lost',
  },
  engineStates: {
    absent: 'Not prepared',
    preparing: 'Being prepared',
    ready: 'Ready',
    failed: 'Failed',
    unavailable: 'Not available',
  },
  engineSteps: {
    'find-python': 'Look for Python',
    'make-environment': 'Make an environment',
    download: 'Download packages',
    install: 'Install packages',
    check: 'Check the engine',
    done: 'Ready',
  },
  errors: {
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
        'The system ended the trainer. Try a smaller batch or model, or end other programs on the server.',
    },
    DATASET_FORMAT: {
      title: 'The dataset could not be read',
      detail: 'The trainer said: {message}',
    },
    NAN_LOSS: {
      title: 'The loss is no longer a number',
      detail:
        'The trainer said: {message}. A lower learning rate often helps, or a maximum length that leaves room for the answers.',
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
  },
}
