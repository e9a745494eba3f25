"""Merges a LoRA adapter into its base model: a full folder that can be served.

    python -m anneal_trainer.merge --adapter DIR --out DIR [--base DIR_OR_HUB_ID] [--events FOLDER]

Tells of itself in `<FOLDER>/events.jsonl` (default: the parent of --out) like the trainer: state, result, failure.
"""

import argparse
import os
import sys
import traceback

from anneal_trainer.events import EventLog
from anneal_trainer.failures import TrainingFailure, classify


def merge(adapter: str, out: str, base: str | None, events: EventLog) -> None:
    events.emit("state", state="preparing")
    if not os.path.isfile(os.path.join(adapter, "adapter_config.json")):
        raise TrainingFailure("MODEL_LOAD", f"no adapter folder: {adapter}", model=adapter)
    from peft import PeftConfig, PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = base or PeftConfig.from_pretrained(adapter).base_model_name_or_path
    model = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
    # The tokenizer and template of the training, not those of the base: they must be what is served.
    tokenizer = AutoTokenizer.from_pretrained(adapter)
    events.emit("state", state="running")
    merged = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    events.emit("state", state="saving")
    unfinished = out.rstrip("/") + ".part"
    merged.save_pretrained(unfinished)
    tokenizer.save_pretrained(unfinished)
    os.rename(unfinished, out)
    parameters = sum(parameter.numel() for parameter in merged.parameters())
    events.emit("result", path=out, kind="full", baseModel=base, parameters=parameters, trainableParameters=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--base")
    parser.add_argument("--events")
    options = parser.parse_args()
    out = os.path.abspath(options.out)
    events = EventLog(options.events or os.path.dirname(out))
    try:
        merge(os.path.abspath(options.adapter), out, options.base, events)
    except Exception as error:
        traceback.print_exception(error)
        code, message, params = classify(error, "model")
        events.emit("failure", code=code, message=message, params=params)
        return 1
    events.emit("state", state="finishing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
