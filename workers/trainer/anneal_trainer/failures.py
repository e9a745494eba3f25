"""Failures in the words of the catalogue: a code, parameters for its text, and the engine's own message."""

import errno


# Where libraries below Python do not hand on errno.
NO_SPACE = ("No space left on device", "File too large", "PytorchStreamWriter failed", "unexpected pos ")


class TrainingFailure(Exception):
    """A failure with its class known where it happened."""

    def __init__(self, code: str, message: str, **params) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


def chain(error: BaseException):
    """The error and all that it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def classify(error: BaseException, phase: str) -> tuple[str, str, dict]:
    """(code, message, params); `phase` (data, model, resume, train, save) decides where the error alone does not."""
    for cause in chain(error):
        if isinstance(cause, TrainingFailure):
            return cause.code, str(cause), cause.params
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return "DISK_FULL", str(cause), {}
        text = f"{type(cause).__name__}: {cause}"
        if any(sign in text for sign in NO_SPACE):
            return "DISK_FULL", text[:500], {}
        if type(cause).__name__ == "OutOfMemoryError" or "CUDA out of memory" in text or "MPS backend out of" in text:
            return "GPU_OOM", text[:500], {}
        if isinstance(cause, MemoryError) or "DefaultCPUAllocator: " in text:
            return "HOST_OOM", text[:500], {}
    text = f"{type(error).__name__}: {error}"[:500]
    if any(isinstance(cause, ImportError) for cause in chain(error)):
        return "DEPENDENCY", text, {}
    if "chat_template" in text or "TemplateError" in text or "chat template" in text:
        return "TEMPLATE", text, {}
    by_phase = {"data": "DATASET_FORMAT", "model": "MODEL_LOAD", "resume": "RESUME_MISMATCH"}
    return by_phase.get(phase, "UNKNOWN"), text, {}
