"""Stands in for the engine's Python in tests: the same commands, files and signals, without torch.

What a training does follows from its name: `crash`, `killed`, `deaf` (never ends by itself), `no memory` (saves, then
fails), else it runs its steps. Rows of 16 tokens have no room for answers. One that is stopped saves a checkpoint; one that goes on begins at that step.
"""

import http.server
import json
import os
import runpy
import signal
import sys
import time


def train(folder):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    name, steps = config["name"], config["steps"]
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    numbers = iter(range(1, 10**9))

    def emit(type, **fields):
        event = {"seq": next(numbers), "time": int(time.time() * 1000), "type": type, **fields}
        with open(os.path.join(folder, "events.jsonl"), "a") as file:
            file.write(json.dumps(event) + "\n")

    emit("state", state="preparing")
    emit("device", kind="cpu", name="Fake CPU", threads=1)
    if config["maxLength"] == 16:
        message = "the maximum length cuts off every answer"
        print(f"anneal_trainer.failures.TrainingFailure: {message}", file=sys.stderr, flush=True)
        emit("failure", code="NO_ANSWERS_LEFT", message=message, params={})
        sys.exit(1)
    step = 0
    if config.get("resumeFrom"):
        with open(os.path.join(config["resumeFrom"], "trainer_state.json")) as file:
            step = json.load(file)["global_step"]
    emit("state", state="running", step=step, total=steps)

    def save():
        path = os.path.join(folder, f"checkpoint-{step}")
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, "trainer_state.json"), "w") as file:
            json.dump({"global_step": step}, file)
        emit("checkpoint", step=step, path=path)

    while step < steps and not (stop and name != "deaf"):
        step += 1
        emit("step", step=step, total=steps, loss=4 / step, tokens=step * 100, secondsPerStep=0.02, secondsLeft=1)
        print(f"step {step}/{steps}", flush=True)
        if name == "crash" and step == 3:
            print("ModuleNotFoundError: No module named 'peft'", file=sys.stderr)
            sys.exit(3)
        if name == "killed" and step == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if name.startswith("no memory") and step == 3:
            save()
            print("RuntimeError: DefaultCPUAllocator: can't allocate memory", file=sys.stderr, flush=True)
            emit("failure", code="HOST_OOM", message="DefaultCPUAllocator: can't allocate memory", params={})
            sys.exit(1)
        time.sleep(0.02)
    if stop and step < steps:
        save()
    result = os.path.join(folder, "result")
    os.makedirs(result, exist_ok=True)
    with open(os.path.join(result, "config.json"), "w") as file:
        file.write("{}")
    emit("state", state="saving")
    kind = "full" if config["tuning"]["kind"] == "full" else "adapter"
    emit("result", path=result, kind=kind, parameters=7, trainableParameters=7, step=step, stopped=step < steps)


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


def serve(options):
    model = options["--model"]
    if os.path.exists(os.path.join(model, "broken")):
        sys.exit("RuntimeError: this model is broken")
    print("serving", options["--name"], flush=True)
    http.server.HTTPServer(("127.0.0.1", int(options["--port"])), Health).serve_forever()


def make(out):
    os.makedirs(out)
    with open(os.path.join(out, "config.json"), "w") as file:
        file.write("{}")


arguments = sys.argv[1:]
if arguments[0].endswith("wrapper.py"):
    sys.argv = arguments
    runpy.run_path(arguments[0], run_name="__main__")
elif arguments[0] == "-m":
    command, rest = arguments[1].removeprefix("anneal_trainer."), arguments[2:]
    options = dict(zip(rest[::2], rest[1::2])) if command != "sft" else {}
    if command == "sft":
        train(rest[0])
    elif command == "serve":
        serve(options)
    elif command == "merge" and "broken" in options["--base"]:
        sys.exit("ValueError: no adapter")
    else:
        make(options["--out"])
