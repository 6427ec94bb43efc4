"""A training that readers of a real server share, and what Ctrl-C in its terminal leaves."""

import asyncio
import os
import re
import signal
from contextlib import suppress

from tornado import httpclient, websocket

from neuralscope.network import storage
from neuralscope.visualizer.live import setup
from neuralscope.visualizer.server import window_registry
from tests.helpers import desktop
from tests.helpers.page_client import TIMEOUT_S, PageClient, with_window_server


async def open_training(page):
    """Open the train view."""
    page.press("t")
    await page.until_title("train a network")


def test_readers_watch_what_one_of_them_trains_until_they_leave(shipped, embedded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(setup.DEFAULT_VALUES, "epochs", 10**6)
    monkeypatch.setattr(window_registry, "RECONNECT_TIMEOUT_S", 0)  # else whoever leaves may come back

    async def story(address, connect):
        owner, other = await connect(), await connect()
        for page in (owner, other):
            await open_training(page)
        owner.press(" ")
        for page in (owner, other):
            await page.until_title(": epoch ")
        os.kill(story.server.shared_training.current._process.pid, signal.SIGKILL)
        await other.until_title("train a network")
        owner.press("r")
        await owner.until_title("train a network")
        other.press(" ")
        for page in (other, owner):
            await page.until_title(": epoch ")
        await other.close()
        await owner.until_title("train a network")

    with_window_server(shipped, embedded, story)
    assert "what was learned is in my-training.checkpoint.npz" in capsys.readouterr().err


def test_ctrl_c_in_the_terminal_keeps_what_was_learned_and_names_the_file(tmp_path):
    async def story(address):
        request = httpclient.HTTPRequest(f"{address.replace('http', 'ws')}socket",
                                         headers={"Origin": address.rstrip("/")})
        page = PageClient(await websocket.websocket_connect(request, max_message_size=2**26))
        page.say("ack")  # it is ready for a frame
        await open_training(page)
        page.press(" ")
        await page.until_title("of test digits right")
        for _ in range(2):  # a second time too, while what was learned is being kept
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGINT)  # as a terminal does it: both processes hear it
            await asyncio.sleep(0.2)
        await page.close()

    with desktop.started_program("--browser", "--dataset", "digits", folder=tmp_path, preexec_fn=os.setsid) as program:
        asyncio.run(story(re.search(r"http://\S+/", program.stdout.readline())[0]))
        words = program.communicate(timeout=TIMEOUT_S)[1]
    assert program.returncode == 130
    assert re.fullmatch(r"neuralscope.visualizer: stopped in epoch \d+ of 300; what was learned is in "
                        r"my-training.checkpoint.npz; to continue: python -m neuralscope.visualizer --train --resume "
                        r"--output my-training.npz\nneuralscope.visualizer: stopped\n", words)
    assert storage.load(tmp_path / "my-training.checkpoint.npz").metadata["epochs_run"] >= 1
