"""Supervised fine-tuning with TRL, from a frozen config to a model folder that can be served.

    python -m anneal_trainer.sft <run folder>

Reads `config.json` (config.schema.json), tells of itself in `events.jsonl`, and writes

    base/            the starter before training (only for the built-in starter)
    checkpoint-N/    to go on from
    result/          the trained model or adapter, with tokenizer and chat template

SIGTERM, once: a checkpoint at the end of the step, then the result as it is; the result says `stopped`.
Exit code 0 for finished and stopped, 1 after a `failure` event.
"""

import json
import math
import os
import shutil
import signal
import sys
import time

from anneal_trainer.events import EventLog
from anneal_trainer.failures import TrainingFailure, classify
from anneal_trainer.tracking import HeldStream, Tracker


# What of the config stands beside the curves.
SHOWN = ("method", "baseModel", "tuning", "steps", "learningRate", "batchSize", "gradientAccumulation", "maxLength")


# So many steps in a row with a hopeless loss end a training.
DIVERGED_STEPS = 10


class Stop:
    """Set by SIGTERM. Asked at the end of each step, so that a checkpoint is never half a step."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_) -> None:
        self.asked = True


def quiet_environment(folder: str) -> None:
    os.environ.setdefault("HF_DATASETS_CACHE", os.path.join(folder, "cache"))
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")


def base_model(config: dict, folder: str) -> tuple[str, str | None]:
    """(path or hub id, revision). The starter is made here, and stays in `base` to be served beside the result."""
    base = config["baseModel"]
    if base["kind"] == "hub":
        return base["id"], base.get("revision")
    if base["kind"] == "folder":
        if not os.path.isfile(os.path.join(base["path"], "config.json")):
            raise TrainingFailure("MODEL_LOAD", f"no model folder: {base['path']}", model=base["path"])
        return base["path"], None
    path = os.path.join(folder, "base")
    if config.get("resumeFrom"):
        resumed = os.path.join(os.path.dirname(config["resumeFrom"].rstrip("/")), "base")
        if os.path.isdir(resumed) and not os.path.isdir(path):
            shutil.copytree(resumed, path)  # with the tokenizer that the checkpoint was trained with
    if not os.path.isfile(os.path.join(path, "tokenizer_config.json")):
        from anneal_trainer.starter import make_starter

        print("making the starter model and its tokenizer", flush=True)
        make_starter(path, config["data"]["path"], config["seed"])
    return path, None


def load_model(path: str, revision: str | None, device: dict):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    dtype = torch.bfloat16 if device["kind"] == "cuda" and torch.cuda.is_bf16_supported() else torch.float32
    model = AutoModelForCausalLM.from_pretrained(path, revision=revision, dtype=dtype)
    tokenizer = AutoTokenizer.from_pretrained(path, revision=revision)
    if tokenizer.chat_template is None:
        raise TrainingFailure("TEMPLATE", "the model has no chat template", model=path)
    return model, tokenizer


def load_data(config: dict):
    from datasets import Dataset

    from anneal_trainer.data import examples

    path = config["data"]["path"]
    count = sum(1 for _ in examples(path))  # a bad row is found here, with its number
    if count == 0:
        raise TrainingFailure("DATASET_FORMAT", "the dataset has no answers to learn", row=None)
    print(f"{count} answers to learn from", flush=True)
    return Dataset.from_generator(examples, gen_kwargs={"path": path})


def lora(config: dict):
    from peft import LoraConfig

    tuning = config["tuning"]
    if tuning["kind"] == "full":
        return None
    return LoraConfig(
        r=tuning["rank"],
        lora_alpha=tuning["alpha"],
        lora_dropout=tuning["dropout"],
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def training_arguments(config: dict, folder: str, device: dict):
    from trl import SFTConfig

    return SFTConfig(
        output_dir=folder,
        max_steps=config["steps"],
        learning_rate=config["learningRate"],
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(config["steps"] * config["warmupRatio"]),
        per_device_train_batch_size=config["batchSize"],
        gradient_accumulation_steps=config["gradientAccumulation"],
        max_length=config["maxLength"],
        save_strategy="steps",
        save_steps=config["saveEvery"],
        save_total_limit=3,
        logging_steps=1,
        logging_nan_inf_filter=False,
        seed=config["seed"],
        data_seed=config["seed"],
        use_cpu=device["kind"] == "cpu",
        bf16=False,
        gradient_checkpointing=device["kind"] == "cuda",
        dataloader_pin_memory=device["kind"] == "cuda",
        dataloader_num_workers=0,
        disable_tqdm=True,
        report_to="none",
    )


def progress_callback(events: EventLog, tracker: Tracker, stop: Stop, phase: list[str]):
    """Tells of every step, and ends the training where it has to end."""
    from transformers import TrainerCallback

    class Progress(TrainerCallback):
        def __init__(self) -> None:
            self.times: list[float] = []
            self.tokens = 0
            self.hopeless, self.above = math.inf, 0

        def on_train_begin(self, args, state, control, **kwargs):
            phase[0] = "train"  # from here on nothing is the fault of the checkpoint gone on from
            self.times = [time.monotonic()]
            # Twice the loss of one who guesses: no training comes back from there by itself.
            self.hopeless = 2 * math.log(kwargs["model"].get_input_embeddings().num_embeddings)
            events.emit("state", state="running", step=state.global_step, total=state.max_steps)

        def on_step_end(self, args, state, control, **kwargs):
            self.times.append(time.monotonic())
            del self.times[:-33]
            if stop.asked and state.global_step < state.max_steps:
                control.should_save = True
                control.should_training_stop = True

        def on_log(self, args, state, control, logs=None, **kwargs):
            if not logs or "loss" not in logs:
                return
            loss, gradient = float(logs["loss"]), logs.get("grad_norm")
            # The mean of the last 32 steps of this process: right after a resume too.
            seconds = (self.times[-1] - self.times[0]) / max(1, len(self.times) - 1)
            tokens = int(logs.get("num_tokens", 0))
            since, self.tokens = tokens - self.tokens, tokens
            events.emit(
                "step",
                step=state.global_step,
                total=state.max_steps,
                epoch=round(state.epoch or 0, 4),
                loss=loss,
                learningRate=float(logs["learning_rate"]),
                gradNorm=None if gradient is None else float(gradient),
                tokens=tokens,
                secondsPerStep=round(seconds, 4),
                secondsLeft=round(seconds * (state.max_steps - state.global_step), 1),
            )
            mean = {"train/loss": loss}
            last = {"train/learning_rate": float(logs["learning_rate"]), "train/epoch": state.epoch or 0}
            if gradient is not None:
                last["train/grad_norm"] = float(gradient)
            step_seconds = self.times[-1] - self.times[-2] if len(self.times) > 1 else 0
            if step_seconds > 0 and since > 0 and len(self.times) > 2:
                mean["train/tokens_per_second"] = since / step_seconds
            tracker.log(state.global_step, mean, last)
            print(f"step {state.global_step}/{state.max_steps} loss {loss:.4f}", flush=True)
            if not math.isfinite(loss) or (gradient is not None and math.isnan(float(gradient))):
                message = f"the loss is {loss}, the gradient {gradient} at step {state.global_step}"
                raise TrainingFailure("NAN_LOSS", message, step=state.global_step)
            self.above = self.above + 1 if loss > self.hopeless else 0
            if self.above >= DIVERGED_STEPS:
                message = f"the loss is {loss:.2f} at step {state.global_step}, {self.above} steps above {self.hopeless:.2f}"
                raise TrainingFailure("DIVERGED", message, step=state.global_step)

        def on_save(self, args, state, control, **kwargs):
            path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
            events.emit("checkpoint", step=state.global_step, path=path)

    return Progress()


def check_resume(config: dict) -> str | None:
    path = config.get("resumeFrom")
    if not path:
        return None

    def has(name: str) -> bool:
        return os.path.isfile(os.path.join(path, name))

    if not has("trainer_state.json") or has("checkpoint-is-incomplete.txt"):
        raise TrainingFailure("RESUME_MISMATCH", f"no complete checkpoint: {path}", checkpoint=path)
    if has("adapter_config.json") != (config["tuning"]["kind"] == "lora"):
        raise TrainingFailure("RESUME_MISMATCH", "the checkpoint was tuned in another way", checkpoint=path)
    return path


def drop_incomplete_checkpoints(folder: str) -> None:
    """After a full disk: half a checkpoint is of no use, and its room is needed to tell of the failure."""
    for entry in os.scandir(folder):
        if entry.name.startswith("checkpoint-") and not os.path.isfile(os.path.join(entry.path, "trainer_state.json")):
            shutil.rmtree(entry.path, ignore_errors=True)


def check_rows(count: int, trainer, events: EventLog) -> None:
    """The engine drops examples whose answer lies beyond the maximum length: said, and none left is a failure."""
    kept = len(trainer.train_dataset)
    if kept == 0:
        raise TrainingFailure("NO_ANSWERS_LEFT", "the maximum length cuts off every answer", count=count)
    if kept < count:
        events.emit("warning", code="ANSWERS_CUT_OFF", message=f"{count - kept} of {count} answers", count=count - kept)


def train(config: dict, folder: str, events: EventLog, tracker: Tracker, stop: Stop, phase: list[str]) -> bool:
    """Runs the whole training; True if it was stopped before its last step."""
    phase[0] = "import"
    import datasets
    import torch
    import transformers

    from anneal_trainer import device as devices

    transformers.utils.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    device = devices.choose(config["device"])
    events.emit("device", **device)
    print(f"device {device['kind']}, {device['threads']} threads, torch {torch.__version__}", flush=True)
    transformers.set_seed(config["seed"])

    phase[0] = "data"
    data = load_data(config)
    phase[0] = "resume"
    resume = check_resume(config)
    phase[0] = "model"
    path, revision = base_model(config, folder)
    model, tokenizer = load_model(path, revision, device)
    tracker.start(config["tracking"], {key: config[key] for key in SHOWN})
    phase[0] = "train"

    from trl import SFTTrainer

    trainer = SFTTrainer(
        model=model,
        args=training_arguments(config, folder, device),
        train_dataset=data,
        processing_class=tokenizer,
        peft_config=lora(config),
        callbacks=[progress_callback(events, tracker, stop, phase)],
    )
    trainer.remove_callback(transformers.PrinterCallback)
    check_rows(len(data), trainer, events)
    if stop.asked:
        return finish(config, trainer, folder, path, events)
    phase[0] = "resume" if resume else "train"
    trainer.train(resume_from_checkpoint=resume)
    phase[0] = "save"
    return finish(config, trainer, folder, path, events)


def finish(config: dict, trainer, folder: str, base: str, events: EventLog) -> bool:
    step, total = trainer.state.global_step, config["steps"]
    stopped = step < total
    events.emit("state", state="saving", step=step, total=total)
    result = os.path.join(folder, "result")
    trainer.save_model(result)
    model = trainer.accelerator.unwrap_model(trainer.model)
    events.emit(
        "result",
        path=result,
        kind="full" if config["tuning"]["kind"] == "full" else "adapter",
        baseModel=base,
        parameters=sum(p.numel() for p in model.parameters()),
        trainableParameters=sum(p.numel() for p in model.parameters() if p.requires_grad),
        step=step,
        total=total,
        stopped=stopped,
    )
    return stopped


def main() -> int:
    folder = os.path.abspath(sys.argv[1])
    sys.stdout, sys.stderr = HeldStream(sys.stdout), HeldStream(sys.stderr)
    quiet_environment(folder)
    stop = Stop()
    events = EventLog(folder)
    tracker = Tracker(events.emit)
    events.emit("state", state="preparing")
    phase = ["config"]
    stopped, failure = False, None
    try:
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            config = json.load(file)
        stopped = train(config, folder, events, tracker, stop, phase)
    except Exception as error:
        failure = error
        code, message, params = classify(error, phase[0])
        import traceback

        traceback.print_exception(error)
        if code == "DISK_FULL":
            drop_incomplete_checkpoints(folder)
        events.emit("failure", code=code, message=message, params=params)
    events.emit("state", state="finishing")
    clean = tracker.finish(failure, stopped)
    if not events.flush():
        time.sleep(1)
        events.flush()
    code = 1 if failure else 0
    if not clean:
        os._exit(code)  # the SDK would wait on for its server
    return code


if __name__ == "__main__":
    sys.exit(main())
