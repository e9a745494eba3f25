"""Serves one model with the real `transformers serve`, in this very process: its pid is the server's.

    python -m anneal_trainer.serve --model FOLDER_OR_HUB_ID --name NAME --work DIR
                                   [--host 127.0.0.1] [--port N] [--device cpu|cuda|mps|auto]

`transformers serve` takes the name of the model from the request and refuses any other than the one it was
started with. So the folder is linked as NAME inside DIR, and NAME alone is what clients send as `model`.
`GET /health` answers once the model is loaded.
"""

import argparse
import os
import re
import sys


def prepare(model: str, name: str, work: str) -> str:
    """Makes DIR the working directory, with the link in it; returns the model id to serve under."""
    os.makedirs(work, exist_ok=True)
    if not os.path.isdir(model):
        os.chdir(work)
        return model
    if not os.path.isfile(os.path.join(model, "config.json")):
        sys.exit(f"{model} is no model folder: it has no config.json")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) or name.endswith(".gguf"):
        sys.exit(f"{name!r} cannot be a model's name: letters, digits, dot, dash and underscore")
    target = os.path.abspath(model)
    os.chdir(work)
    if os.path.islink(name):
        os.unlink(name)
    os.symlink(target, name)
    # A folder needs no hub; without it a missing file would be looked for there.
    os.environ["HF_HUB_OFFLINE"] = "1"
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--name")
    parser.add_argument("--work", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    name = options.name or os.path.basename(os.path.abspath(options.model))
    forced = prepare(options.model, name, options.work)

    import torch

    from anneal_trainer.device import choose

    device = choose(options.device)
    if device["kind"] == "cpu":
        torch.set_num_interop_threads(1)
    # GET /v1/models answers 500 while this folder is missing.
    from huggingface_hub.constants import HF_HUB_CACHE

    os.makedirs(HF_HUB_CACHE, exist_ok=True)

    import logging

    import transformers
    from transformers.cli.transformers import main as transformers_cli

    transformers.utils.logging.disable_progress_bar()
    # The supervisor asks for its health all the time: that is no news for the log.
    logging.getLogger("uvicorn.access").addFilter(lambda record: "/health" not in record.getMessage())

    sys.argv = ["transformers", "serve", forced, "--host", options.host, "--port", str(options.port)]
    sys.argv += ["--device", device["kind"], "--log-level", "warning"]
    print(f"serving {options.model} as {forced} on {device['kind']}", flush=True)
    transformers_cli()


if __name__ == "__main__":
    main()
