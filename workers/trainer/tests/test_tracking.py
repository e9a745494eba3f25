"""The real SwanLab SDK against a server of its protocol."""

import json
import pathlib
import statistics
import subprocess
import sys
import os

import pytest
from conftest import TRAINER
from swanlab_server import SwanlabServer

# Steps at the rate that the SDK handles worst: without bursts such a run is seen up to 45 s late.
SCRIPT = """
import json, sys, time
from anneal_trainer.tracking import HeldStream, Tracker
sys.stdout, sys.stderr = HeldStream(sys.stdout), HeldStream(sys.stderr)
warnings = []
tracker = Tracker(lambda type, **fields: warnings.append(fields))
tracker.start({"enabled": True, "project": "p", "workspace": "ada"}, {"lr": 0.1})
times = {}
for step in range(1, int(sys.argv[1]) + 1):
    times[step] = time.time()
    tracker.log(step, {"train/loss": 1 / step}, {"train/epoch": step / 10})
    print(f"line {step}")
    time.sleep(float(sys.argv[2]))
clean = tracker.finish()
json.dump({"times": times, "warnings": warnings, "clean": clean}, open(sys.argv[3], "w"))
"""


@pytest.fixture
def server():
    server = SwanlabServer()
    yield server
    server.close()


def track(tmp_path: pathlib.Path, env: dict, steps: int, pause: float):
    out = tmp_path / "told.json"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(steps), str(pause), str(out)],
        env={**os.environ, "PYTHONPATH": str(TRAINER), **env},
        capture_output=True,
        text=True,
        timeout=90,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text()), done


def test_points_and_lines_arrive_within_3_seconds(server, tmp_path):
    told, done = track(tmp_path, server.environment("fast"), 30, 0.3)
    assert told["clean"] and told["warnings"] == []
    losses = [(at, item) for at, item in server.scalars if item["key"] == "train/loss"]
    steps = [item["index"] for _, item in losses]
    assert steps == sorted(set(steps)) and steps[-1] == 30
    assert 5 <= len(steps) < 30  # some together, but more than five arrivals
    late = [at - told["times"][str(item["index"])] for at, item in losses]
    assert max(late) < 3, f"latest {max(late):.2f} s, median {statistics.median(late):.2f} s"
    lines = {item["message"]: at for at, item in server.lines}
    for step in range(1, 31):
        assert lines[f"line {step}"] - told["times"][str(step)] < 3
    assert [line for line in done.stdout.splitlines() if line.startswith("line")] == [f"line {n}" for n in range(1, 31)]
    assert server.state == "FINISHED"


def test_losses_are_the_mean_since_the_last_burst_and_other_values_the_last(server, tmp_path):
    track(tmp_path, server.environment("mean"), 40, 0.05)
    losses = [(i["index"], i["data"]) for _, i in server.scalars if i["key"] == "train/loss"]
    epochs = {i["index"]: i["data"] for _, i in server.scalars if i["key"] == "train/epoch"}
    before = 0
    for step, loss in losses:
        expected = statistics.fmean(1 / n for n in range(before + 1, step + 1))
        assert loss == pytest.approx(expected, rel=1e-5)
        assert epochs[step] == pytest.approx(step / 10)
        before = step
    assert before == 40


@pytest.mark.parametrize("env", [{}, {"SWANLAB_API_KEY": ""}])
def test_without_a_key_the_run_goes_on_untracked(tmp_path, env):
    told, done = track(tmp_path, {"SWANLAB_MODE": "cloud", "HOME": str(tmp_path), **env}, 3, 0)
    assert told["clean"]
    assert [warning["code"] for warning in told["warnings"]] == ["TRACKER"]
    assert "line 3" in done.stdout
