"""The trainer's own account of itself: JSON lines in `<run folder>/events.jsonl`, each on the disk at once."""

import json
import math
import os
import time


class EventLog:
    """Appends {"seq", "time" (epoch ms), "type", ...}. Goes on after the last number of an earlier process.

    A disk that is full loses nothing that fits in memory: what could not be written goes out first next time.
    """

    PENDING_LIMIT = 1024 * 1024

    def __init__(self, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        self.path = os.path.join(folder, "events.jsonl")
        self.pending = b""
        self.seq = self._last_seq()

    def _last_seq(self) -> int:
        try:
            with open(self.path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return 0
        if data and not data.endswith(b"\n"):
            self.pending = b"\n"  # an earlier process died in mid-line
        for line in reversed(data.split(b"\n")):
            try:
                return int(json.loads(line)["seq"])
            except (ValueError, KeyError, TypeError):
                continue
        return 0

    def emit(self, type: str, **fields) -> None:
        self.seq += 1
        event = {"seq": self.seq, "time": int(time.time() * 1000), "type": type, **finite(fields)}
        self.pending += json.dumps(event, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        self.flush()

    def flush(self) -> bool:
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                while self.pending:
                    self.pending = self.pending[os.write(descriptor, self.pending) :]
            finally:
                os.close(descriptor)
        except OSError:
            self._forget_the_oldest()
        return not self.pending

    def _forget_the_oldest(self) -> None:
        if len(self.pending) > self.PENDING_LIMIT:
            self.pending = self.pending[self.pending.index(b"\n", len(self.pending) // 2) :]


def finite(value):
    """JSON has no NaN and no infinity: they become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value
