"""Processes that read pictures: bounded in time and memory, and ended with the server, whatever they are at."""

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from neuralscope.datasets import decode
from neuralscope.predictor import Predictor
from neuralscope.visualizer.server import reading_process, reading_worker
from neuralscope.visualizer.server.extra_fields import EXTRA_FIELDS
from neuralscope.visualizer.server.predict_service import PredictService
from neuralscope.visualizer.server.reading_process import ReadingProcess
from tests.helpers import desktop
from tests.helpers.environment import python
from tests.helpers.image_bytes import image_bytes, jpeg_of_scans

SLOW_PICTURE = jpeg_of_scans(decode.MAX_JPEG_SCANS, 4096), "image/jpeg", ()
ENDLESS_PICTURE = jpeg_of_scans(100_000, 4096), "image/jpeg", ()  # minutes, for `work_at_what_is_endless`
QUICK_PICTURE = image_bytes(np.pad(np.full((160, 20), 255, np.uint8), 60)), "image/png", ()
THIN_STROKES = np.full((400, 400), 255, np.uint8)
THIN_STROKES[100:300:2, 200:203], THIN_STROKES[100:200, 240] = 30, 90
PICTURES_OF_EVERY_KIND = [
    (*QUICK_PICTURE[:2], tuple(EXTRA_FIELDS)),
    (image_bytes(THIN_STROKES, "JPEG"), "image/jpeg", ()),
    (image_bytes(np.stack([THIN_STROKES] * 3 + [255 - THIN_STROKES], axis=-1)), "image/png", ()),
    (json.dumps(THIN_STROKES[100:150, 190:240].tolist()).encode(), "application/json", ()),
]
PARENT = """
from neuralscope.predictor import Predictor
from neuralscope.visualizer.server import reading_process
from neuralscope.visualizer.server.reading_process import ReadingProcess
from tests.visualizer.server.test_reading_process import ENDLESS_PICTURE, work_at_what_is_endless
if __name__ == "__main__":
    reading_process.READ_TIMEOUT_S, reading_process.run_worker = 600, work_at_what_is_endless
    process = ReadingProcess(Predictor.load("trained_weights.npz"))
    process.start()
    print(process.process.pid, flush=True)
    process.answer(*ENDLESS_PICTURE)
"""
PATIENT_PROGRAM = """
import runpy
from neuralscope.visualizer.server import reading_process
if __name__ == "__main__":
    reading_process.READ_TIMEOUT_S = 600
    runpy.run_module("neuralscope.visualizer", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def new_process(shipped):
    """Return a function that makes a ReadingProcess, of which nothing is left at the end."""
    made = []

    def new_process(predictor=None):
        made.append(ReadingProcess(predictor or Predictor.from_saved(shipped)))
        return made[-1]

    yield new_process
    for process in made:
        process.close()
        if process.pipe:
            process.end()


def lives(pid):
    """Say whether a process works, or would if it were let."""
    with suppress(OSError):
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def test_what_takes_too_long_is_given_up_and_the_next_is_read(new_process, monkeypatch):
    process = new_process()
    assert process.start()
    before = process.process.pid
    with monkeypatch.context() as patch:
        patch.setattr(reading_process, "READ_TIMEOUT_S", 0.2)
        assert process.answer(*SLOW_PICTURE) == (413, reading_worker.TOO_MUCH_TEXT)
    assert not lives(before)
    status, text = process.answer(*QUICK_PICTURE)
    assert status == 200
    assert '"digit": 1' in text


def work_with_little_memory(*arguments):
    """Do as `run_worker`, in a process that has little."""
    reading_worker.MAX_WORKING_BYTES = 2**26
    reading_worker.run_worker(*arguments)


def work_at_what_is_endless(*arguments):
    """Do as `run_worker`, in a process that counts no scans."""
    decode.MAX_JPEG_SCANS = 10**9
    reading_worker.run_worker(*arguments)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is bounded in memory")
def test_what_takes_too_much_memory_is_refused_and_the_next_is_read(new_process, monkeypatch):
    process, noise = new_process(), np.random.default_rng(0).integers(0, 256, (4000, 4000), np.uint8)
    picture = image_bytes(noise, "JPEG", quality=10), "image/jpeg", ()
    with monkeypatch.context() as patch:
        patch.setattr(reading_process, "run_worker", work_with_little_memory)
        assert process.answer(*picture) == (413, reading_worker.TOO_MUCH_TEXT)
    assert process.answer(*QUICK_PICTURE)[0] == 200
    process.end()
    assert process.answer(*picture)[0] == 400  # there is no digit in it, and memory enough


def test_a_process_loads_no_library_once_it_is_bounded():
    code = """
import sys
from neuralscope.predictor import Predictor
from neuralscope.visualizer.server import answers, reading_worker
from tests.visualizer.server.test_reading_process import PICTURES_OF_EVERY_KIND
predictor = Predictor.load("trained_weights.npz")
reading_worker.load_libraries()
before = set(sys.modules)
for picture in PICTURES_OF_EVERY_KIND:
    answers.answer_body(predictor, *picture)
print(sorted(name for name in set(sys.modules) - before if name.startswith(("scipy", "numpy", "PIL"))))
"""
    result = subprocess.run(python(code), capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("[]\n", "")


class FailingPredictor:
    """A Predictor with a fault of ours."""

    def read(self, pictures):
        """Fail."""
        raise ZeroDivisionError


def test_a_fault_of_ours_is_none_of_the_picture_s(new_process, capfd):
    status, text = new_process(FailingPredictor()).answer(*QUICK_PICTURE)
    assert status == 500
    assert "failed" in text
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_process_that_was_ended_from_outside_is_replaced(new_process):
    process = new_process()
    assert process.start()
    process.process.kill()
    process.process.join()
    assert process.answer(*QUICK_PICTURE)[0] == 413
    assert process.answer(*QUICK_PICTURE)[0] == 200


def test_who_closes_waits_for_nothing(new_process, monkeypatch):
    monkeypatch.setattr(reading_process, "run_worker", work_at_what_is_endless)
    process, answers = new_process(), []
    assert process.start()
    thread = threading.Thread(target=lambda: answers.append(process.answer(*ENDLESS_PICTURE)))
    thread.start()
    time.sleep(0.1)
    process.close()
    thread.join(desktop.TIMEOUT_S)
    assert answers
    assert answers[0][0] == 503
    assert process.answer(*QUICK_PICTURE)[0] == 503
    assert not [child for child in multiprocessing.active_children() if child.name == "read"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no niceness")
def test_what_a_pad_sends_is_read_before_photographs(shipped):
    service = PredictService(shipped)
    pads, photographs = (lane.processes[0] for lane in (service.pad_lane, service.photograph_lane))
    assert pads.start()
    assert photographs.start()
    own, *others = (os.getpriority(os.PRIO_PROCESS, pid)
                    for pid in (0, pads.process.pid, photographs.process.pid))
    assert others == [own, min(19, own + reading_worker.NICENESS)]
    service.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_none_outlives_a_program_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], env=desktop.environment(), stdout=subprocess.PIPE,
                          text=True) as program:
        child = int(program.stdout.readline())
        time.sleep(0.2)
        assert lives(child)
        program.kill()
        end = time.monotonic() + desktop.TIMEOUT_S
        while lives(child) and time.monotonic() < end:
            time.sleep(0.02)
        assert not lives(child)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_ctrl_c_ends_the_program_whatever_its_processes_are_at(tmp_path):
    with subprocess.Popen(python(PATIENT_PROGRAM, "--dataset", "digits", "--browser"), env=desktop.environment(),
                          cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        port = int(program.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
        waiting = [ask(port) for _ in range(3)]
        children = wait_for_children(program.pid)
        for child in children:
            os.kill(child, signal.SIGSTOP)  # the worst that a picture can do
        program.send_signal(signal.SIGINT)
        try:
            _, errors = program.communicate(timeout=desktop.TIMEOUT_S)
        finally:
            program.kill()
        assert (program.returncode, errors) == (130, "neuralscope.visualizer: stopped\n")
        assert not any(map(lives, children))
        for connection in waiting:
            connection.close()


def ask(port):
    """Return a connection on which the slow picture was sent to a server."""
    body, content_type, _ = SLOW_PICTURE
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def wait_for_children(pid, count=2):
    """Return the ids of the processes that read for a program, once there are so many."""
    end = time.monotonic() + desktop.TIMEOUT_S
    while time.monotonic() < end:
        children = " ".join(file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children"))
        found = [int(child) for child in children.split()
                 if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
        if len(found) == count:
            return found
        time.sleep(0.05)
    raise AssertionError("no process began")
