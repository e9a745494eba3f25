"""Makes requirements.lock from requirements.in: one version of each package for Python 3.10 to 3.13.

    pip install uv && python tools/make_lock.py

Left out are torch's CUDA libraries: the build of torch that is installed asks for those it needs.
"""

import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).parent.parent
COMPILE = "uv pip compile --universal --fork-strategy fewest --python-version 3.10 --no-header --no-annotate"
NOT_OURS = re.compile(r"^(cuda-|triton==|colorama==|nvidia-(?!ml-py))|sys_platform == 'emscripten'")


def main() -> None:
    compiled = subprocess.run([*COMPILE.split(), "requirements.in"], cwd=HERE, check=True, capture_output=True, text=True)
    lines = []
    for line in compiled.stdout.splitlines():
        if not NOT_OURS.search(line):
            line = re.sub(r" and sys_platform != 'emscripten'| ; sys_platform != 'emscripten'", "", line)
            lines.append(line)
    lines.sort(key=lambda line: (not line.startswith("torch=="), line))
    (HERE / "requirements.lock").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
