"""The window in the browser: a page, a script, and a socket that speaks as Matplotlib's page does."""

import asyncio
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from tornado import httpclient, websocket

from neuralscope.errors import InputError
from neuralscope.visualizer.browser import Server, serve
from neuralscope.visualizer.session import Session
from neuralscope.visualizer.style import THEMES, rgb
from tests import chromium, desktop
from tests.conftest import unavailable

PATIENCE = 20


class Page:
    """What Matplotlib's script does in a browser: draws on request, sends keys, receives pictures and titles."""

    def __init__(self, socket):
        self.socket = socket
        self.pictures = []
        self.title = ""
        self.closed = False

    def send(self, kind, **properties):
        self.socket.write_message(json.dumps({"type": kind, "figure_id": "1", **properties}))

    def press(self, key):
        self.send("key_press", key=key, guiEvent={})

    async def until(self, done):
        """Answer messages until ``done()`` or the socket is closed."""
        while not done() and not self.closed:
            message = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            if message is None:
                self.closed = True
            elif isinstance(message, bytes):
                self.pictures.append(np.asarray(Image.open(io.BytesIO(message)).convert("RGBA")))
            elif json.loads(message)["type"] == "draw":
                self.send("draw")
            elif json.loads(message)["type"] == "figure_label":
                self.title = json.loads(message)["label"]

    async def close(self):
        """Close the socket and read what is still under way."""
        self.socket.close()
        while not self.closed:
            self.closed = await asyncio.wait_for(self.socket.read_message(), PATIENCE) is None

    async def until_title(self, words):
        await self.until(lambda: words in self.title)


def visit(shipped, embedded, story, ends_with_reader=True):
    """Run ``story(address, connect)`` against a server, which it has as ``story.server``, and stop the server."""
    def new_session():
        return Session(shipped, embedded, np.random.default_rng(1), 7)

    async def main():
        server = story.server = Server(new_session, THEMES["dark"], None, ends_with_reader)
        addresses, pages = asyncio.Queue(), []
        running = asyncio.ensure_future(server.serve(0, addresses.put_nowait))
        address = await addresses.get()

        async def connect(**options):
            url = address.replace("http", "ws") + "socket"
            pages.append(Page(await websocket.websocket_connect(httpclient.HTTPRequest(url, **options))))
            return pages[-1]

        try:
            await story(address, connect)
        finally:
            for page in pages:
                await page.close()
            server.ended.set()
            await asyncio.wait_for(running, PATIENCE)

    asyncio.run(main())


def test_the_page_and_its_script_come(shipped, embedded):
    async def story(address, connect):
        client = httpclient.AsyncHTTPClient()
        page = (await client.fetch(address)).body.decode()
        assert THEMES["dark"].background in page
        assert not re.search(r"(src|href)=\"(https?:)?//", page)  # nothing is loaded from elsewhere
        assert b"mpl.figure" in (await client.fetch(address + "mpl.js")).body

    visit(shipped, embedded, story)


def test_a_reader_presses_keys_and_sees_the_picture_change(shipped, embedded):
    async def story(address, connect):
        page = await connect()
        page.send("send_image_mode")
        page.send("set_device_pixel_ratio", device_pixel_ratio=1)
        page.send("resize", width=1000, height=700)
        page.send("refresh")
        await page.until_title("test digit 7 of 297")
        await page.until(lambda: page.pictures and page.pictures[-1].shape == (700, 1000, 4))
        assert tuple(page.pictures[-1][2, 2, :3]) == rgb(THEMES["dark"].background)
        page.press("kEnter")
        count = len(page.pictures)
        await page.until(lambda: "digit 7 " not in page.title)
        await page.until(lambda: any(picture[..., 3].any() for picture in page.pictures[count:]))  # what changed
        for key in ("kg", "k4", "k2", "kEnter"):
            page.press(key)
        await page.until_title("test digit 42 of 297")
        page.press("shift+k?")
        await page.until_title("all keys")
        page.press("kEscape")
        await page.until_title("test digit 42 of 297")

    visit(shipped, embedded, story)


def test_a_reader_trains_and_leaves_and_what_was_learned_is_in_a_file(shipped, embedded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    async def story(address, connect):
        page = await connect()
        page.send("refresh")
        page.press("kt")
        await page.until_title("train a network")
        page.press("k ")
        await page.until_title("of test digits right")
        await page.close()

    visit(shipped, embedded, story)
    assert "what was learned is in my-training.checkpoint.npz" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-training.checkpoint.epochs.npz",
                                                                "my-training.checkpoint.npz"]


def test_two_readers_do_not_move_each_others_digit(shipped, embedded):
    async def story(address, connect):
        one, two = await connect(), await connect()
        for page in (one, two):
            page.send("refresh")
            await page.until_title("test digit 7 of 297")
        one.press("kEnter")
        await one.until(lambda: "digit 7 " not in one.title)
        two.press("kArrowLeft")  # from its own first digit there is no way back
        two.press("k?")
        two.press("kEscape")
        await two.until_title("all keys")
        await two.until_title("test digit")
        assert "digit 7 " in two.title

    visit(shipped, embedded, story)


def test_q_ends_the_program_that_stands_in_for_a_display(shipped, embedded):
    async def story(address, connect):
        page = await connect()
        page.press("kq")
        await page.until(lambda: False)
        assert page.closed
        await asyncio.wait_for(story.server.ended.wait(), PATIENCE)

    visit(shipped, embedded, story)


def test_q_ends_only_the_readers_window_where_the_browser_was_asked_for(shipped, embedded):
    async def story(address, connect):
        page = await connect()
        page.press("kq")
        await page.until(lambda: False)
        again = await connect()
        again.send("refresh")
        await again.until_title("test digit 7 of 297")

    visit(shipped, embedded, story, ends_with_reader=False)


def test_a_real_browser_shows_the_whole_window_and_its_keys_work(tmp_path):
    if not chromium.program():
        unavailable("browser", "needs Chromium")

    async def story(address):
        async with chromium.opened(address, tmp_path, 1000, 700) as page:
            await page.title_with("test digit 7 of 297")
            await chromium.until(lambda: shows_all_of_it(page))
            for key in ("Enter", " ", "g", "4", "2", "Enter"):
                await page.press(key)
            await page.title_with("test digit 42 of 297")
            for key in ("Tab", "Tab", "Enter", "Enter"):  # the cursor goes to the neurons, chooses one, opens it
                await page.press(key)
            await page.title_with("hidden layer, neurons 0 to 255")
            await page.press("d")
            await page.title_with("draw a digit")
            left, top, side = 0.029 * 1000, 0.175 * 700, 0.32 * 1000
            await page.drag([(left + 0.5 * side, top + share * side) for share in (0.1, 0.3, 0.5, 0.7, 0.9)])
            await page.title_with("your drawing, reads 1 ")
            await page.press("?")
            await page.title_with("all keys")
            await page.press("q")
            await chromium.until(lambda: page.value("document.body.innerText.includes('has ended')"))

    with desktop.started("--dataset", "digits", "--index", 7) as program:
        asyncio.run(story(re.search(r"http://\S+/", program.stdout.readline())[0]))
        assert program.communicate(timeout=PATIENCE) == ("", "")
        assert program.returncode == 0


async def shows_all_of_it(page):
    """Say whether the window reaches from corner to corner: headline, readout, keys and what is loaded."""
    shown = await page.picture()
    ink = (shown != rgb(THEMES["dark"].background)).any(axis=2)
    height, width = ink.shape
    corners = ink[:height // 6, :width // 2], ink[-height // 12:, :width // 2], ink[-height // 12:, width // 2:]
    panel = (shown == rgb(THEMES["dark"].panel)).all(axis=2)
    return all(corner.any() for corner in corners) and panel[-height // 5:].sum() > 5000


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example:8080"])
def test_a_foreign_name_is_refused(shipped, embedded, host):
    async def story(address, connect):
        client = httpclient.AsyncHTTPClient()
        for path in ("", "mpl.js"):
            with pytest.raises(httpclient.HTTPClientError) as refused:
                await client.fetch(address + path, headers={"Host": host})
            assert refused.value.code == 403
        with pytest.raises(httpclient.HTTPClientError) as refused:
            await connect(headers={"Host": host, "Origin": f"http://{host}"})
        assert refused.value.code == 403

    visit(shipped, embedded, story)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:80"])
def test_this_machines_names_are_answered_with_any_port_or_none(shipped, embedded, host):
    async def story(address, connect):
        assert (await httpclient.AsyncHTTPClient().fetch(address, headers={"Host": host})).code == 200

    visit(shipped, embedded, story)


@pytest.mark.parametrize("message", [
    "no JSON", "[1, 2]", "null", "{}", '{"type": "toolbar_button", "name": "home"}', '{"type": "resize"}',
    '{"type": "resize", "width": NaN, "height": 4}', '{"type": "key_press", "key": "x"}', '{"type": "key_press"}',
    '{"type": "set_device_pixel_ratio", "device_pixel_ratio": "x"}', '{"type": "motion_notify", "x": "y"}'])
def test_a_message_that_is_none_closes_its_own_window_alone(shipped, embedded, message, caplog):
    async def story(address, connect):
        page, other = await connect(), await connect()
        page.socket.write_message(message)
        await page.until(lambda: False)
        assert page.socket.close_code == 1003
        other.send("refresh")
        await other.until_title("test digit 7 of 297")

    visit(shipped, embedded, story)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("ratio", [0, -1, 1e9])
def test_no_pixel_ratio_makes_a_window_too_large(shipped, embedded, ratio):
    async def story(address, connect):
        page = await connect()
        page.send("resize", width=4000, height=400)
        page.send("set_device_pixel_ratio", device_pixel_ratio=ratio)
        page.send("refresh")
        await page.until(lambda: page.pictures)
        assert max(max(picture.shape[:2]) for picture in page.pictures) <= 4096

    visit(shipped, embedded, story)


def test_a_foreign_page_may_not_connect(shipped, embedded):
    async def story(address, connect):
        with pytest.raises(httpclient.HTTPClientError) as refused:
            await connect(headers={"Origin": "http://evil.example"})
        assert refused.value.code == 403

    visit(shipped, embedded, story)


def test_a_page_that_asks_for_a_huge_window_gets_a_large_one(shipped, embedded):
    async def story(address, connect):
        page = await connect()
        page.send("resize", width=50_000, height=400)
        page.send("refresh")
        await page.until(lambda: page.pictures and page.pictures[-1].shape[1] != 1400)
        assert page.pictures[-1].shape[1] <= 4096

    visit(shipped, embedded, story)


def test_a_port_that_is_taken_is_said(shipped, embedded):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port}.*choose another"):
            serve(None, THEMES["dark"], None, port, print, ends_with_reader=True)
