"""Real trainings of the starter with the real engine, a few steps each."""

import json
import math
import os
import pathlib
import signal
import subprocess
import sys

import pytest
import torch
from anneal_trainer.starter import make_starter
from conftest import TRAINER, until
from swanlab_server import SwanlabServer
from transformers import AutoModelForCausalLM, AutoTokenizer

# Loss at steps 1 to 6 of the config in conftest: it moves only if data, template, tokenizer, model or recipe do.
LOSSES = [11.5524, 11.4441, 7.3491, 6.7548, 7.1787, 6.2346]


def losses(run) -> list[float]:
    return [event["loss"] for event in run.events("step")]


def say(path, **options) -> str:
    tokenizer, model = AutoTokenizer.from_pretrained(path), AutoModelForCausalLM.from_pretrained(path)
    messages = [{"role": "user", "content": "How long is the warranty?"}]
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        out = model.generate(**inputs, do_sample=False, max_new_tokens=4, **options)
    return tokenizer.decode(out[0])


def test_a_full_training_follows_the_pinned_losses_and_tells_of_itself(make_run):
    run = make_run()
    assert run.run() == 0, run.output()
    assert losses(run) == pytest.approx(LOSSES, abs=0.02)
    events = run.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["state"] for event in run.events("state")] == ["preparing", "running", "saving", "finishing"]
    assert run.events("device")[0]["kind"] == "cpu"
    for number, step in enumerate(run.events("step"), start=1):
        assert step["step"] == number and step["total"] == 6
        assert step["secondsLeft"] == pytest.approx(step["secondsPerStep"] * (6 - number), abs=0.2)
        assert step["tokens"] > 0 and step["learningRate"] >= 0 and math.isfinite(step["gradNorm"])
    result = run.events("result")[0]
    assert result["kind"] == "full" and result["stopped"] is False
    assert result["parameters"] == result["trainableParameters"] == 1_049_984
    assert "assistant" in say(result["path"]) and "assistant" in say(result["baseModel"])
    template = (pathlib.Path(result["path"]) / "chat_template.jinja").read_text()
    assert template == (run.folder / "base/chat_template.jinja").read_text()


def test_stop_saves_what_can_be_served_and_gone_on_from(make_run):
    run = make_run(steps=400)
    trainer = run.start()
    until(lambda: len(run.events("step")) >= 2)
    trainer.send_signal(signal.SIGTERM)
    assert trainer.wait(60) == 0, run.output()
    stopped = run.events("step")[-1]["step"]
    result = run.events("result")[0]
    assert result["stopped"] is True and result["step"] == stopped < 400
    checkpoint = run.events("checkpoint")[-1]
    assert checkpoint["step"] == stopped and len(run.events("checkpoint")) == 1
    assert "assistant" in say(checkpoint["path"]) and "assistant" in say(result["path"])

    total = stopped + 3
    again = make_run("again", steps=total, resumeFrom=checkpoint["path"])
    assert again.run() == 0, again.output()
    steps = again.events("step")
    assert [step["step"] for step in steps] == [stopped + 1, stopped + 2, stopped + 3]
    assert [step["total"] for step in steps] == [total] * 3
    assert all(step["secondsLeft"] < 30 for step in steps)
    assert again.events("result")[0]["stopped"] is False
    assert (again.folder / "base/tokenizer.json").read_text() == (run.folder / "base/tokenizer.json").read_text()

    lora = {"kind": "lora", "rank": 4, "alpha": 8, "dropout": 0}
    other = make_run("other", tuning=lora, resumeFrom=checkpoint["path"])
    assert other.run() == 1
    assert other.events("failure")[0]["code"] == "RESUME_MISMATCH"


def test_a_run_gone_on_from_its_checkpoint_follows_the_losses_of_one_that_ran_through(make_run):
    through = make_run(saveEvery=3)
    assert through.run() == 0, through.output()
    assert losses(through) == pytest.approx(LOSSES, abs=0.02)
    checkpoint = through.events("checkpoint")[0]
    assert checkpoint["step"] == 3
    again = make_run("again", resumeFrom=checkpoint["path"])
    assert again.run() == 0, again.output()
    assert again.events("state")[1] | {"step": 3, "total": 6} == again.events("state")[1]
    assert losses(again) == pytest.approx(LOSSES[3:], abs=0.02)
    assert (through.folder / "checkpoint-3/trainer_state.json").exists()
    assert not (again.folder / "checkpoint-3").exists()


def test_a_lora_is_trained_and_merged(make_run):
    run = make_run(tuning={"kind": "lora", "rank": 4, "alpha": 8, "dropout": 0.0})
    assert run.run() == 0, run.output()
    result = run.events("result")[0]
    assert result["kind"] == "adapter" and 0 < result["trainableParameters"] < result["parameters"] / 4
    out = run.folder / "merged"
    command = [sys.executable, "-m", "anneal_trainer.merge", "--adapter", result["path"], "--out", str(out)]
    subprocess.run(
        [*command, "--events", str(run.folder / "merging")],
        env={**os.environ, "PYTHONPATH": str(TRAINER)},
        check=True,
        capture_output=True,
    )
    events = [json.loads(line) for line in (run.folder / "merging/events.jsonl").read_text().splitlines()]
    assert [event["type"] for event in events] == ["state", "state", "state", "result", "state"]
    assert events[3]["kind"] == "full" and (out / "chat_template.jinja").exists()
    assert not (out / "adapter_config.json").exists() and "assistant" in say(out)


def test_a_run_shows_its_points_in_tracking_while_it_goes(make_run):
    server = SwanlabServer()
    try:
        run = make_run(steps=60, tracking={"enabled": True, "project": "p", "workspace": "ada"})
        assert run.run(server.environment("run-1")) == 0, run.output()
    finally:
        server.close()
    at = {event["step"]: event["time"] / 1000 for event in run.events("step")}
    points = [(time, item) for time, item in server.scalars if item["key"] == "train/loss"]
    assert points[-1][1]["index"] == 60
    assert max(time - at[item["index"]] for time, item in points) < 3
    keys = {item["key"] for _, item in server.scalars}
    assert {"train/loss", "train/learning_rate", "train/grad_norm", "train/epoch", "train/tokens_per_second"} <= keys
    assert any(item["message"].startswith("step 60/60") for _, item in server.lines)
    assert server.state == "FINISHED" and run.events("warning") == []


BAD_ROW = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n{"messages": 3}\n'


def bad_row(tmp_path):
    (tmp_path / "bad.jsonl").write_text(BAD_ROW)
    return {"data": {"path": str(tmp_path / "bad.jsonl"), "format": "messages"}}


def no_model(tmp_path):
    return {"baseModel": {"kind": "folder", "path": str(tmp_path / "nothing")}}


def broken_model(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/config.json").write_text('{"model_type": "qwen3"}')
    return {"baseModel": {"kind": "folder", "path": str(tmp_path / "broken")}}


def no_checkpoint(tmp_path):
    return {"resumeFrom": str(tmp_path / "checkpoint-5")}


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        (bad_row, "DATASET_FORMAT", {"row": 2}),
        (no_model, "MODEL_LOAD", None),
        (broken_model, "MODEL_LOAD", None),
        (no_checkpoint, "RESUME_MISMATCH", None),
    ],
)
def test_a_failure_has_its_class(make_run, tmp_path, changes, code, params):
    run = make_run(**changes(tmp_path))
    assert run.run() == 1
    failure = run.events("failure")[0]
    assert failure["code"] == code, failure
    assert params is None or failure["params"] == params
    assert "Traceback" in run.output() and run.events("result") == []


def test_a_full_disk_is_said(make_run):
    import resource

    limit = 5 * 1024 * 1024  # takes the starter's weights, not the optimizer's state
    run = make_run(steps=2)
    run.run(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert [event["code"] for event in run.events("failure")] == ["DISK_FULL"], run.output()
    assert not (run.folder / "checkpoint-2").exists()


def test_too_little_memory_is_said(make_run):
    """The limit is set once all is loaded, a little above what is in use: the first large batch goes beyond it."""
    run = make_run(batchSize=4096, maxLength=4096)
    start = "import resource, runpy\nfrom trl import SFTTrainer\n"
    start += "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
    start += "resource.setrlimit(resource.RLIMIT_AS, (used + 600 * 2**20,) * 2)\n"
    start += "runpy.run_module('anneal_trainer.sft', run_name='__main__')\n"
    done = subprocess.run(
        [sys.executable, "-c", start, str(run.folder)],
        env={**os.environ, "PYTHONPATH": str(TRAINER)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert [event["code"] for event in run.events("failure")] == ["HOST_OOM"], done.stderr
    # Whichever allocation was the one too many: torch names what it wanted, Python its own error.
    assert "allocate memory" in done.stderr or "MemoryError" in done.stderr
    assert run.events("result") == []


def test_a_broken_package_of_the_engine_is_said(make_run, tmp_path):
    (tmp_path / "broken/trl").mkdir(parents=True)
    (tmp_path / "broken/trl/__init__.py").write_text("from transformers import NoSuchThing\n")
    run = make_run()
    assert run.run({"PYTHONPATH": os.pathsep.join([str(tmp_path / "broken"), str(TRAINER)])}) == 1
    assert run.events("failure")[0]["code"] == "DEPENDENCY" and "NoSuchThing" in run.output()


def test_a_loss_that_is_no_number_ends_the_run(make_run, tmp_path):
    make_starter(str(tmp_path / "base"))
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "base")
    with torch.no_grad():
        model.model.norm.weight.fill_(float("nan"))
    model.save_pretrained(tmp_path / "base")
    run = make_run(baseModel={"kind": "folder", "path": str(tmp_path / "base")})
    assert run.run() == 1
    assert run.events("failure")[0]["code"] == "NAN_LOSS" and run.events("failure")[0]["params"] == {"step": 1}
    assert run.events("step")[0]["loss"] is None and run.events("result") == []


def test_a_learning_rate_far_too_high_ends_the_run_where_it_is_beyond_hope(make_run):
    run = make_run(steps=60, learningRate=1.0, warmupRatio=0)
    assert run.run() == 1
    failure = run.events("failure")[0]
    assert failure["code"] == "DIVERGED" and failure["params"]["step"] == len(run.events("step")) < 60
    assert all(loss > 15 for loss in losses(run)[-10:]) and run.events("result") == []


def test_a_length_that_cuts_off_every_answer_is_said_before_the_training(make_run, tmp_path):
    messages = [{"role": "user", "content": "word " * 200}, {"role": "assistant", "content": "yes"}]
    (tmp_path / "long.jsonl").write_text(json.dumps({"messages": messages}) + "\n")
    run = make_run(data={"path": str(tmp_path / "long.jsonl"), "format": "messages"}, maxLength=16)
    assert run.run() == 1
    assert run.events("failure")[0]["code"] == "NO_ANSWERS_LEFT" and run.events("step") == []
