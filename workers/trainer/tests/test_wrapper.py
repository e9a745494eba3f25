import json
import os
import shutil
import signal
import subprocess
import sys

import pytest
from anneal_trainer import wrapper
from conftest import TRAINER, until

WRAPPER = str(TRAINER / "anneal_trainer/wrapper.py")


def start(folder, code: str, **options) -> subprocess.Popen:
    folder.mkdir(exist_ok=True)
    return subprocess.Popen([sys.executable, WRAPPER, str(folder), "--", sys.executable, "-u", "-c", code], **options)


def read(path):
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None


def lines(folder) -> list[tuple[str, str]]:
    text = (folder / "log.txt").read_text().splitlines()
    return [tuple(line.split("\t", 2)[1:]) for line in text if line.split("\t")[0].isdigit()]


def test_it_records_lines_pid_and_exit_code(tmp_path):
    code = r"""
import sys, time
print("one\rtwo\r\n\x1b[31mred\x1b[0m"); print("x" * 9000); print(b"\xe6\xb0\xb4".decode())
print("oops", file=sys.stderr); sys.stdout.write("no newline"); sys.exit(7)
"""
    assert start(tmp_path / "run", code).wait(20) == 7
    out = [text for mark, text in lines(tmp_path / "run") if mark == "O"]
    assert out == ["one", "two", "red", "x" * 4095 + "…", "水", "no newline"]
    assert ("E", "oops") in lines(tmp_path / "run")
    ending = read(tmp_path / "run/exit.json")
    assert ending["code"] == 7 and ending["signal"] is None and ending["time"] > 1.7e12
    assert set(read(tmp_path / "run/pid.json")) == {"pid", "startTime", "bootId", "wrapperPid"}


def test_a_signal_reaches_the_child_alone_and_is_recorded(tmp_path):
    process = start(tmp_path / "run", "import time; print('up'); time.sleep(60)")
    pid = until(lambda: read(tmp_path / "run/pid.json"))
    until(lambda: (tmp_path / "run/log.txt").exists())
    assert pid["startTime"] == wrapper.start_time(pid["pid"]) and pid["bootId"] == wrapper.boot_id()
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGHUP)
    assert read(tmp_path / "run/exit.json") is None and process.poll() is None
    os.kill(pid["pid"], signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    ending = read(tmp_path / "run/exit.json")
    assert ending["code"] is None and ending["signal"] == "SIGTERM"


def test_it_survives_the_death_of_the_parent(tmp_path):
    go = tmp_path / "go"
    child = f"import os, time\nprint('up')\nwhile not os.path.exists({str(go)!r}): time.sleep(.01)\nprint('end')"
    parent = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, {WRAPPER!r}, {str(tmp_path / "run")!r}, "--", sys.executable, "-u", "-c", {child!r}],
                 start_new_session=True)
time.sleep(60)
"""
    (tmp_path / "run").mkdir()
    process = subprocess.Popen([sys.executable, "-c", parent], start_new_session=True)
    until(lambda: read(tmp_path / "run/pid.json"))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    go.touch()
    assert until(lambda: read(tmp_path / "run/exit.json"))["code"] == 0
    assert lines(tmp_path / "run") == [("O", "up"), ("O", "end")]


def test_it_ends_with_its_child_where_the_folder_was_removed(tmp_path):
    process = start(tmp_path / "run", "import time; time.sleep(60)")
    pid = until(lambda: read(tmp_path / "run/pid.json"))
    shutil.rmtree(tmp_path / "run")
    os.kill(pid["pid"], signal.SIGKILL)
    assert process.wait(20) == 128 + signal.SIGKILL
    assert not (tmp_path / "run").exists()


def test_a_command_that_is_not_there(tmp_path):
    (tmp_path / "run").mkdir()
    done = subprocess.run([sys.executable, WRAPPER, str(tmp_path / "run"), "--", "/nowhere/python"])
    assert done.returncode == 127 and read(tmp_path / "run/exit.json")["code"] == 127
    assert lines(tmp_path / "run") == [("E", "/nowhere/python: No such file or directory")]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_kills_nothing_and_loses_no_ending(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/log.txt").symlink_to("/dev/full")
    assert start(tmp_path / "run", "for n in range(100000): print('line', n)").wait(30) == 0
    assert read(tmp_path / "run/exit.json")["code"] == 0
