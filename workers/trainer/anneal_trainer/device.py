"""Which device trains, and with how many threads."""

import os

from anneal_trainer.failures import TrainingFailure


def choose(wanted: str) -> dict:
    """{"kind": cpu|cuda|mps, "name", "threads"}. On a CPU one core is left to the server where there are two."""
    import torch

    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available.insert(0, "cuda")
    kind = available[0] if wanted == "auto" else wanted
    if kind not in available:
        raise TrainingFailure("DEPENDENCY", f"device {kind} is not available", device=kind)
    threads = max(1, cores() - 1)
    torch.set_num_threads(threads)
    name = torch.cuda.get_device_name(0) if kind == "cuda" else "Apple GPU" if kind == "mps" else processor()
    return {"kind": kind, "name": name, "threads": threads}


def cores() -> int:
    """Those that this process may use, also under taskset or a container's cpuset and quota."""
    try:
        usable = len(os.sched_getaffinity(0))
    except AttributeError:
        usable = os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = file.read().split()
        usable = min(usable, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass
    return usable


def processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        import platform

        return platform.processor() or platform.machine()
