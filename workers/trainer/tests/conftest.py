import json
import os
import pathlib
import subprocess
import sys
import time

import pytest

TRAINER = pathlib.Path(__file__).parent.parent
SAMPLE = TRAINER.parent.parent / "apps/server/src/modules/datasets/sample/sample.jsonl"
sys.path.insert(0, str(TRAINER))


@pytest.fixture(scope="session", autouse=True)
def _environment():
    """No setting of the person who runs the tests reaches the worker."""
    for name in [name for name in os.environ if name.startswith("SWANLAB_")]:
        del os.environ[name]


class Run:
    """A run folder and the trainer in it."""

    def __init__(self, folder: pathlib.Path, **changes) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.config = {
            "runId": "run",
            "name": "test",
            "method": "sft",
            "baseModel": {"kind": "starter"},
            "tuning": {"kind": "full"},
            "data": {"path": str(SAMPLE), "format": "messages"},
            "steps": 6,
            "learningRate": 3e-3,
            "batchSize": 4,
            "gradientAccumulation": 1,
            "maxLength": 256,
            "warmupRatio": 0.1,
            "saveEvery": 1000,
            "seed": 7,
            "device": "cpu",
            "tracking": {"enabled": False},
            **changes,
        }
        (folder / "config.json").write_text(json.dumps(self.config))

    def start(self, env: dict | None = None, **options) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "anneal_trainer.sft", str(self.folder)],
            env={**os.environ, "PYTHONPATH": str(TRAINER), **(env or {})},
            stdout=open(self.folder / "out.txt", "ab"),
            stderr=subprocess.STDOUT,
            **options,
        )

    def run(self, env: dict | None = None, **options) -> int:
        return self.start(env, **options).wait(120)

    def events(self, type: str | None = None) -> list[dict]:
        try:
            lines = (self.folder / "events.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        events = [json.loads(line) for line in lines if line.endswith("}")]
        return [event for event in events if type in (None, event["type"])]

    def output(self) -> str:
        return (self.folder / "out.txt").read_text()


@pytest.fixture
def make_run(tmp_path):
    return lambda name="run", **changes: Run(tmp_path / name, **changes)


def until(condition, seconds: float = 60, every: float = 0.02):
    """What the condition gives as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise AssertionError("it did not come true in time")
