"""Runs one command and records what became of it, whatever happens to the process that asked for it.

    python wrapper.py <run folder> -- <command> [arguments...]

Standard library alone: it must work when the engine's environment does not. Files in the run folder:

    pid.json    {"pid", "startTime", "bootId", "wrapperPid"}: who the child is, safe against a pid used again
    log.txt     one line each: <epoch milliseconds> TAB <O or E> TAB <text>
    log.1.txt   the part before, once log.txt has reached 64 MiB
    exit.json   {"code", "signal", "time"}: written whole or not at all; its presence means 'ended'
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

LINE_LIMIT = 4096
LOG_LIMIT = 64 * 1024 * 1024
EXIT_ROOM = 512
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def boot_id() -> str:
    """Names this boot of the machine: a pid and start time from another boot mean nothing."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return _output(["sysctl", "-n", "kern.bootsessionuuid"])


def start_time(pid: int) -> str:
    """Field 22 of /proc/<pid>/stat (clock ticks since boot), or `ps -o lstart` where there is no /proc."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[19]
    except OSError:
        return _output(["ps", "-o", "lstart=", "-p", str(pid)])


def _output(command: list[str]) -> str:
    try:
        environment = {**os.environ, "LC_ALL": "C"}
        return subprocess.run(command, capture_output=True, text=True, env=environment).stdout.strip()
    except OSError:
        return ""


def write_whole(path: str, value: dict) -> bool:
    """Writes JSON beside the place and moves it there; False where the disk does not take it."""
    try:
        with open(path + ".tmp", "w") as file:
            file.write(json.dumps(value) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(path + ".tmp", path)
        return True
    except OSError:
        return False


class ExitRecord:
    """Takes its place on the disk at the start, so that a disk filled by the child cannot lose the ending."""

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, "exit.json")
        self.reserved = self.path + ".reserved"
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
        try:
            with open(self.reserved, "wb") as file:
                file.write(b" " * EXIT_ROOM)
        except OSError:
            pass

    def write(self, value: dict) -> None:
        text = (json.dumps(value) + "\n").encode().rjust(EXIT_ROOM)
        for attempt in range(60):
            try:
                descriptor = os.open(self.reserved, os.O_WRONLY | os.O_CREAT, 0o600)
                try:
                    os.write(descriptor, text)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                os.replace(self.reserved, self.path)
                return
            except OSError:
                if not os.path.isdir(os.path.dirname(self.path)):
                    return  # removed with all that it held: nobody waits for this ending
                time.sleep(min(10, 0.1 * 2**attempt))


class Log:
    """The child's lines with their times. A disk that takes no more loses lines, never the child."""

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, "log.txt")
        self.lock = threading.Lock()
        self.torn = False

    def write(self, mark: str, lines: list[str]) -> None:
        now = int(time.time() * 1000)
        data = "".join(f"{now}\t{mark}\t{line}\n" for line in lines).encode()
        with self.lock:
            try:
                self._turn_over()
                descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    data = b"\n" + data if self.torn else data
                    self.torn = os.write(descriptor, data) != len(data)
                finally:
                    os.close(descriptor)
            except OSError:
                pass

    def _turn_over(self) -> None:
        if os.path.exists(self.path) and os.path.getsize(self.path) > LOG_LIMIT:
            os.replace(self.path, os.path.join(os.path.dirname(self.path), "log.1.txt"))


def clean(raw: bytes) -> str:
    text = CONTROLS.sub("", ESCAPES.sub("", raw.decode("utf-8", "replace")))
    return text if len(text) <= LINE_LIMIT else text[: LINE_LIMIT - 1] + "…"


def follow(stream: int, mark: str, log: Log) -> None:
    """Reads to the end; a carriage return ends a line too, and what is too long is cut, not kept in memory."""
    rest = b""
    while True:
        chunk = os.read(stream, 65536)
        if not chunk:
            break
        *ended, rest = re.split(rb"\r\n|\n|\r", rest + chunk)
        rest = rest[: LINE_LIMIT * 8]
        lines = [line for line in map(clean, ended) if line.strip()]
        if lines:
            log.write(mark, lines)
    if clean(rest).strip():
        log.write(mark, [clean(rest)])


def run(folder: str, command: list[str]) -> int:
    # Handlers, not SIG_IGN: an ignored signal would stay ignored in the child, which must hear its own SIGTERM.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    ending = ExitRecord(folder)
    log = Log(folder)
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        log.write("E", [f"{command[0]}: {error.strerror}"])
        ending.write({"code": 127, "signal": None, "time": int(time.time() * 1000)})
        return 127
    identity = {
        "pid": child.pid,
        "startTime": start_time(child.pid),
        "bootId": boot_id(),
        "wrapperPid": os.getpid(),
    }
    write_whole(os.path.join(folder, "pid.json"), identity)
    readers = [
        threading.Thread(target=follow, args=(pipe.fileno(), mark, log), daemon=True)
        for pipe, mark in ((child.stdout, "O"), (child.stderr, "E"))
    ]
    for reader in readers:
        reader.start()
    status = child.wait()
    # A process left behind by the child may hold the pipes open: the ending does not wait for it.
    for reader in readers:
        reader.join(2)
    name = signal.Signals(-status).name if status < 0 else None
    ending.write({"code": None if name else status, "signal": name, "time": int(time.time() * 1000)})
    return status if status >= 0 else 128 - status


def main() -> int:
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        print("usage: wrapper.py <run folder> -- <command> [arguments...]", file=sys.stderr)
        return 2
    try:
        os.setsid()
    except OSError:
        pass  # already the leader of a session, as Node's `detached` makes it
    return run(sys.argv[1], sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
