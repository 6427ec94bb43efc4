"""The window from a script: in the browser where there is no display, whatever loop runs, and never a script run twice.
"""

import asyncio
import json
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from sklearn.datasets import load_digits

import neuralscope
from neuralscope.errors import InputError
from tests.helpers import desktop
from tests.helpers.environment import PROJECT, unavailable

X, Y = load_digits(return_X_y=True)


@pytest.fixture(scope="module")
def trained():
    return neuralscope.train(X, Y, hidden=(16,), epochs=10, progress=False)


@pytest.fixture(autouse=True)
def no_display(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def get(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.load(answer)


def test_a_script_goes_on_beside_the_window(trained, capsys):
    window = neuralscope.show(trained, block=False)
    try:
        assert get(f"{window.address}health")["model"]["architecture"]["sizes"] == [64, 16, 10]
    finally:
        window.close()
    assert f"so the window is in the browser: {window.address}" in capsys.readouterr().out
    with pytest.raises(urllib.error.URLError):
        get(f"{window.address}health")


def test_it_is_shown_from_inside_a_running_loop(trained):
    async def shown():
        window = neuralscope.show(trained, X, Y, block=False, browser=True)
        health = await asyncio.to_thread(get, f"{window.address}health")
        await asyncio.to_thread(window.close)
        return health

    assert asyncio.run(shown())["status"] == "ok"


def test_a_network_of_other_pictures_reads_no_photographs_and_says_so(trained):
    window = neuralscope.show(trained, block=False)
    try:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(urllib.request.Request(f"{window.address}predict", b"[[0]]", {
                "Content-Type": "application/json"}), timeout=60)
        assert caught.value.code == 404
        assert "64 inputs" in json.load(caught.value)["error"]
    finally:
        window.close()


def test_a_port_that_is_taken_is_told(trained):
    window = neuralscope.show(trained, block=False)
    try:
        port = int(window.address.rstrip("/").rpartition(":")[2])
        with pytest.raises(InputError, match="cannot be used"):
            neuralscope.show(trained, block=False, port=port)
    finally:
        window.close()


@pytest.mark.parametrize("port", [99999, -1, "8000"])
def test_a_port_that_there_is_not_is_told(trained, port):
    with pytest.raises(InputError, match="port is"):
        neuralscope.show(trained, block=False, port=port)


def test_what_is_wrong_is_said_before_a_window_opens(trained):
    with pytest.raises(InputError, match="digit is 300"):
        neuralscope.show(trained, digit=300)


SCRIPT = """
import matplotlib, neuralscope, numpy, scipy.linalg, threadpoolctl
def state():
    threads = [pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    return threads, dict(matplotlib.rcParams.copy())
rng = numpy.random.default_rng(0)
threadpoolctl.threadpool_limits(2, user_api="blas")
before = state()
neuralscope.show(neuralscope.Network.random((16, 8, 3), rng=rng), rng.random((20, 4, 4)), numpy.arange(20) % 3)
print(state() == before)
"""


@pytest.mark.slow
def test_a_script_waits_for_its_window_on_the_desktop_and_goes_on_as_before():
    missing = desktop.missing_tools()
    if missing:
        unavailable("window", f"needs {missing}")
    with desktop.display() as display, subprocess.Popen(
            [sys.executable, "-c", SCRIPT], env=desktop.environment(DISPLAY=display), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=PROJECT) as program:
        person = desktop.Person(program, display)
        person.leave()
        out, _ = program.communicate(timeout=desktop.TIMEOUT_S)
    assert out.strip() == "True"


@pytest.mark.slow
def test_a_process_that_the_window_starts_does_not_run_the_script_again(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("""
import io, urllib.request
import numpy, neuralscope
from PIL import Image
print("script", flush=True)
network = neuralscope.Network.random((784, 8, 10), rng=numpy.random.default_rng(0))
window = neuralscope.show(network, numpy.eye(784)[:10], browser=True, block=False)
file = io.BytesIO()
Image.fromarray(numpy.pad(numpy.full((200, 40), 255, numpy.uint8), 150)).save(file, "PNG")
request = urllib.request.Request(window.address + "predict", file.getvalue(), {"Content-Type": "image/png"})
print(b"digit" in urllib.request.urlopen(request).read())
window.close()
""")
    done = subprocess.run([sys.executable, script], cwd=PROJECT, env=desktop.environment(), capture_output=True,
                          text=True, check=True)
    assert [line for line in done.stdout.splitlines() if not line.startswith("neuralscope")] == ["script", "True"]
