"""Hands what a run has to show to the SwanLab SDK, in bursts.

The SDK passes records on by the hundred or after half a second without any, and a printed line counts as one.
So all that reaches it (values and lines) is held here and handed over together, at most every INTERVAL: the
quiet after each burst lets the SDK send. Tracking never stops a training: whatever fails here becomes a
warning, and the run goes on untracked.
"""

import contextlib
import os
import sys
import threading
import time
import traceback

# The SDK takes up to 0.1 s to pick up a printed line and then wants 0.5 s of quiet: 0.6 would lie on the edge.
INTERVAL = 0.75
START_LIMIT = 60.0
FINISH_LIMIT = 30.0


class Outlet:
    """Stands as sys.stdout while the SDK starts and ends: it replaces this object's `write` to capture lines."""

    def __init__(self, stream: "HeldStream") -> None:
        self.stream = stream
        self.silent = False  # while held lines are handed over: the log has them already

    def write(self, text: str) -> int:
        return len(text) if self.silent else self.stream.write_through(text)

    def flush(self) -> None:
        self.stream.flush()

    def __getattr__(self, name: str):
        return getattr(self.stream, name)


class HeldStream:
    """Writes to the log at once and keeps a copy for the next burst. A reader that is gone does no harm."""

    LIMIT = 4000  # lines kept between two bursts

    def __init__(self, stream) -> None:
        self.stream = stream
        self.outlet: Outlet | None = None
        self.held: list[str] = []
        self.lock = threading.Lock()

    def write_through(self, text: str) -> int:
        try:
            self.stream.write(text)
            if "\n" in text:
                self.stream.flush()
        except (OSError, ValueError):
            pass
        return len(text)

    def write(self, text: str) -> int:
        self.write_through(text)
        if self.outlet is not None:
            with self.lock:
                self.held.append(text)
                del self.held[: -self.LIMIT]
        return len(text)

    def flush(self) -> None:
        try:
            self.stream.flush()
        except (OSError, ValueError):
            pass

    def hand_over(self) -> None:
        with self.lock:
            # Up to the last full line: the SDK shows a line once it has ended.
            text, newline, rest = "".join(self.held).rpartition("\n")
            self.held = [rest] if rest else []
        if newline and self.outlet is not None:
            self.outlet.silent = True
            self.outlet.write(text + newline)
            self.outlet.silent = False

    def __getattr__(self, name: str):
        return getattr(self.stream, name)


class Tracker:
    """One SwanLab run. `emit` takes (type, **fields) and is told of every warning."""

    def __init__(self, emit) -> None:
        self.emit = emit
        self.run = None
        self.sums: dict[str, list[float]] = {}
        self.values: dict[str, float] = {}
        self.step = 0
        self.last_burst = 0.0
        self.lock = threading.Lock()
        self.burst_lock = threading.Lock()
        self.ended = threading.Event()
        self.outlets: list[Outlet] = []

    def start(self, tracking: dict, config: dict) -> None:
        """Starts the run that the environment names (SWANLAB_RUN_ID, ...). Raises nothing."""
        for name in [name for name, value in os.environ.items() if name.startswith("SWANLAB_") and not value]:
            del os.environ[name]  # the SDK dies on an empty setting,
        os.environ.pop("SWANLAB_PROJECT", None)  # and on this one
        if not tracking.get("enabled"):
            os.environ["SWANLAB_MODE"] = "disabled"
            return
        self.outlets = [Outlet(sys.stdout), Outlet(sys.stderr)]
        started: list = []
        # Not in the main thread: there the SDK takes the signal handlers, and wants it back to finish.
        worker = threading.Thread(target=self._start, args=(tracking, config, started), daemon=True)
        with self._outlets_in_place():
            worker.start()
            worker.join(START_LIMIT)
        outcome = started[0] if started else TimeoutError("the tracking server did not answer")
        if isinstance(outcome, BaseException):
            os.environ["SWANLAB_MODE"] = "disabled"
            return self._warn(outcome)
        self.run = outcome
        for outlet in self.outlets:
            outlet.stream.outlet = outlet
        threading.Thread(target=self._keep_time, name="tracking", daemon=True).start()

    def _start(self, tracking: dict, config: dict, started: list) -> None:
        try:
            import swanlab

            started.append(
                swanlab.init(
                    project=tracking.get("project"),
                    workspace=tracking.get("workspace"),
                    config=config,
                    settings=swanlab.Settings(interactive=False),
                )
            )
        except (Exception, SystemExit) as error:
            started.append(error)

    @contextlib.contextmanager
    def _outlets_in_place(self):
        """The SDK takes `write` from what sys.stdout is, and puts it back on what it is then: the same, so."""
        held = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.outlets
        try:
            yield
        finally:
            sys.stdout, sys.stderr = held

    def _warn(self, error: BaseException) -> None:
        self.emit("warning", code="TRACKER", message=f"{type(error).__name__}: {error}"[:500])

    def log(self, step: int, mean: dict[str, float], last: dict[str, float]) -> None:
        """Keeps the values of a step: `mean` is averaged over the steps of a burst, of `last` the last counts."""
        if self.run is None:
            return
        with self.lock:
            for key, value in mean.items():
                self.sums.setdefault(key, []).append(value)
            self.values.update(last)
            self.step = step

    def _keep_time(self) -> None:
        while not self.ended.wait(max(0.0, self.last_burst + INTERVAL - time.monotonic()) or 0.05):
            self.burst()

    def burst(self) -> None:
        """Hands over what is held, values and lines together. Raises nothing."""
        with self.burst_lock:
            with self.lock:
                values = {key: sum(items) / len(items) for key, items in self.sums.items()}
                values.update(self.values)
                step, self.sums, self.values = self.step, {}, {}
            try:
                lines = any(outlet.stream.held for outlet in self.outlets)
                if values:
                    self.run.log(values, step=step)
                for outlet in self.outlets:
                    outlet.stream.hand_over()
                if values or lines:
                    self.last_burst = time.monotonic()
            except Exception as error:
                self._warn(error)

    def finish(self, error: BaseException | None = None, stopped: bool = False) -> bool:
        """Ends the run; False if the SDK still waits for its server after FINISH_LIMIT: leave by os._exit then."""
        if self.run is None:
            return True
        self.ended.set()
        self.burst()
        for outlet in self.outlets:
            outlet.stream.outlet = None
        worker = threading.Thread(target=self._finish, args=(error, stopped), name="tracking end", daemon=True)
        worker.start()
        worker.join(FINISH_LIMIT)
        if worker.is_alive():
            self.emit("warning", code="TRACKER", message="the tracking server did not take the last records")
        return not worker.is_alive()

    def _finish(self, error: BaseException | None, stopped: bool) -> None:
        try:
            with self._outlets_in_place():
                if error is not None:
                    self.run.finish(state="crashed", error="".join(traceback.format_exception(error)))
                else:
                    self.run.finish(state="aborted" if stopped else "success")
        except Exception as problem:
            self._warn(problem)
