"""What the engine consists of, as one JSON line: `python -m anneal_trainer.probe`."""

import json
import platform
import sys
from importlib import metadata

PACKAGES = ["torch", "transformers", "trl", "peft", "datasets", "accelerate", "swanlab"]


def main() -> int:
    found: dict = {"python": platform.python_version(), "machine": platform.machine()}
    missing = []
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    try:
        # Imported, not just looked up: a broken install shows here and not in the first training.
        from anneal_trainer.device import choose

        found["device"] = choose("auto")
        import peft  # noqa: F401 - the import itself is the test
        import swanlab  # noqa: F401 - the import itself is the test
        import trl  # noqa: F401 - the import itself is the test
        from transformers import AutoModelForCausalLM  # noqa: F401 - the import itself is the test

        found["ok"] = not missing
    except Exception as error:
        found["ok"] = False
        found["error"] = f"{type(error).__name__}: {error}"[:500]
    found["missing"] = missing
    print(json.dumps(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
