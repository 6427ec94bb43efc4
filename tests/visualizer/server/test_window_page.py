"""The window's page in a real browser: keys, pointer and touch, reload, and a server that goes and comes back."""

import asyncio
import json
import re
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from neuralscope.visualizer.drawing.theme import THEMES, rgb
from neuralscope.visualizer.server import window_registry
from neuralscope.visualizer.server.application import Server
from neuralscope.visualizer.server.client_messages import MAX_PIXEL_RATIO, MAX_WINDOW_SIZE
from neuralscope.visualizer.session.analysis_cache import AnalysisCache
from neuralscope.visualizer.session.session import Session
from neuralscope.visualizer.views import VIEWS
from tests.helpers import chromium, desktop
from tests.helpers.chromium import WINDOW_SIZE

TIMEOUT_S = 60
KEY_LISTENER_SCRIPT = "addEventListener('keydown', event => { window.heard = event.defaultPrevented; })"

SENT_LISTENER_SCRIPT = ("window.said = []; const send = socket.send; "
        "socket.send = function (text) { said.push(text); send.call(this, text); }; 0")


@pytest.fixture(scope="module")
def analysis(shipped, embedded):
    """Return what is known of the shipped network."""
    return AnalysisCache(shipped.network, embedded.test)


@pytest.fixture
def visit(browser, shipped, embedded, analysis):
    """Return a function that runs ``story(server, open_page)`` with a server."""
    def new_session():
        return Session(shipped, embedded, np.random.default_rng(1), 7, analysis)

    def visit(story):
        async def main():
            async with serving(new_session) as (server, address):
                await story(server, lambda: chromium.page_of(browser, address))

        asyncio.run(main())

    return visit


@asynccontextmanager
async def serving(new_session, port=0):
    """Run a server and yield it and its address."""
    server, addresses = Server(new_session, THEMES["dark"], None, ends_on_quit=False), asyncio.Queue()
    running = asyncio.ensure_future(server.serve(port, addresses.put_nowait))
    try:
        yield server, (await addresses.get())[0]
    finally:
        server.ended.set()
        await asyncio.wait_for(running, TIMEOUT_S)


async def words(page):
    """Return what the page says over the window."""
    return await page.value("document.querySelector('#words p')?.textContent")


def pad(share, down):
    """Return a pixel in the draw view's pad: how far across it and down."""
    width, height = WINDOW_SIZE[0], WINDOW_SIZE[1] - 87
    return 0.029 * width + 0.26 * width * share, 0.175 * height + 0.26 * width * down


ONE = [pad(0.5, down) for down in (0.1, 0.3, 0.5, 0.7, 0.9)]


def test_keys_change_the_picture_and_do_not_act_on_the_page(visit):
    async def story(server, open_page):
        async with open_page() as page:
            await page.title_with("test digit 7 of 297")
            await chromium.wait_until(lambda: is_whole(page))
            before = await page.picture()
            await page.press("Enter")
            await chromium.wait_until(lambda: changed(page, before))
            await page.value(KEY_LISTENER_SCRIPT)
            for key, shift in (("Tab", False), ("Tab", True), (" ", False), ("Backspace", False), ("Delete", False),
                               ("PageDown", False), ("End", False), ("'", False), ("/", False), ("+", True)):
                await page.press(key, shift)
                assert await page.value("window.heard") is True, key
            assert await page.value("document.activeElement.id") == "window"
            assert await page.value("scrollY + history.length") == 1
            await page.press("F11")
            assert await page.value("window.heard") is False  # the browser's own: it fills the screen
            for key in ("g", "4", "3", "Backspace", "2", "Enter"):
                await page.press(key)
            await page.title_with("test digit 42 of 297")

    visit(story)


async def is_whole(page):
    """Say whether the window reaches from corner to corner: headline, readout, keys, what is loaded."""
    shown = await page.picture()
    ink = (shown != rgb(THEMES["dark"].background)).any(axis=2)
    height, width = ink.shape
    corners = ink[:height // 6, :width // 2], ink[-height // 12:, :width // 2], ink[-height // 12:, width // 2:]
    panel = (shown == rgb(THEMES["dark"].panel)).all(axis=2)
    return all(corner.any() for corner in corners) and panel[-height // 5:].sum() > 5000


async def changed(page, before):
    """Say whether another picture is shown."""
    return (await page.picture() != before).any()


def test_a_key_that_is_held_repeats(visit):
    async def story(server, open_page):
        async with open_page() as page:
            await page.title_with("test digit 7 of 297")
            (window,) = server.registry._windows.values()
            await page.value(SENT_LISTENER_SCRIPT)
            await page.press("Enter", repeats=20)
            assert await chromium.wait_until(lambda: len(window.main_window.session.digit_history.visited) >= 4)
            assert (await page.value("said.join()")).count('"repeat":true') == 20

    visit(story)


@pytest.mark.parametrize("way", ["drag", "touch"])
def test_a_digit_is_drawn_by_pointer_and_by_touch(visit, way):
    async def story(server, open_page):
        async with open_page() as page:
            await page.call("Emulation.setTouchEmulationEnabled", enabled=True)
            await page.title_with("test digit 7 of 297")
            await page.press("d")
            await page.title_with("draw a digit")
            assert await page.value("getComputedStyle(canvas).touchAction") == "none"
            await getattr(page, way)(ONE)
            await page.title_with("your drawing, reads 1 ")
            (window,) = server.registry._windows.values()
            await chromium.wait_until(lambda: not window.main_window.mouse.dragged)
            assert len(window.main_window.session.user_digit.strokes) == 1

    visit(story)


def test_a_pointer_is_followed_out_of_the_window_and_a_second_finger_is_not(visit):
    async def story(server, open_page):
        async with open_page() as page:
            await page.title_with("test digit 7 of 297")
            await page.value(SENT_LISTENER_SCRIPT)
            mouse = {"button": "left", "buttons": 1, "clickCount": 1, "x": 5, "y": 300}
            await page.call("Input.dispatchMouseEvent", type="mousePressed", **mouse)
            assert await page.value("canvas.hasPointerCapture(1)")
            await page.call("Input.dispatchMouseEvent", type="mouseReleased", **mouse)
            await page.value("canvas.dispatchEvent(new PointerEvent('pointerdown', { pointerId: 1, clientX: 9 }))")
            assert (await page.value("said.join()")).count("button_press") == 1

    visit(story)


def test_a_finger_presses_what_is_written(visit):
    async def story(server, open_page):
        async with open_page() as page:
            await page.call("Emulation.setTouchEmulationEnabled", enabled=True)
            await page.title_with("test digit 7 of 297")
            (window,) = server.registry._windows.values()
            await chromium.wait_until(lambda: is_whole(page))
            name = window.main_window.tab_bar.names[[view.title for view in VIEWS].index("how it works")]
            left, bottom, width, height = name.bounds()
            await page.touch([(left + width / 2, window.main_window.surface.height - bottom - height / 2)])
            await page.title_with("784 pixels become 9")

    visit(story)


def test_two_readers_at_once_and_a_reload_keeps_the_digit(visit):
    async def story(server, open_page):
        async with open_page() as one, open_page() as other:
            for page in (one, other):
                await page.title_with("test digit 7 of 297")
            for key in ("g", "4", "2", "Enter"):
                await one.press(key)
            await one.title_with("test digit 42 of 297")
            await other.press("Enter")
            await chromium.wait_until(lambda: other.value("!document.title.includes('digit 7 ')"))
            await one.call("Page.reload")
            await one.title_with("test digit 42 of 297")
            await chromium.wait_until(lambda: is_whole(one))
            assert len(server.registry) == 2
            # a copy of a page has what that kept, and yet is another reader
            assert await one.value("sessionStorage.getItem('reader')") is None

    visit(story)


def test_the_page_says_that_the_server_is_gone_and_comes_back_by_itself(browser, shipped, embedded, analysis):
    def new_session():
        return Session(shipped, embedded, np.random.default_rng(1), 7, analysis)

    async def main():
        async with AsyncExitStack() as pages:
            await story(pages)

    async def story(pages):
        async with serving(new_session) as (_, address):
            port = int(re.search(r":(\d+)/", address)[1])
            page = await pages.enter_async_context(chromium.page_of(browser, address))
            first_title = await page.title_with("test digit 7 of 297, reads ")
            await page.press("w")
            await page.title_with(", not ")
        assert "The server is gone" in await chromium.wait_until(lambda: words(page))
        async with serving(new_session, port):
            await page.title_with(first_title)  # a new window
            await chromium.wait_until(lambda: silent(page))
            await page.press("n")
            await page.title_with("hidden layer")

    asyncio.run(main())


async def silent(page):
    """Say whether the page says nothing over the window."""
    return not await words(page)


def test_a_reader_too_many_is_told_why_and_let_in_later(visit, monkeypatch):
    monkeypatch.setattr(window_registry, "MAX_WINDOWS", 1)

    async def story(server, open_page):
        async with open_page() as one:
            await one.title_with("test digit 7 of 297")
            async with open_page() as other:
                assert "All 1 windows of this server are taken" in await chromium.wait_until(lambda: words(other))
                await one.press("q")
                assert "This window has ended" in await chromium.wait_until(lambda: words(one))
                await other.title_with("test digit 7 of 297")

    visit(story)


def test_a_page_whose_token_is_of_a_server_before_says_so(visit):
    async def story(server, open_page):
        async with open_page() as page:
            await page.title_with("test digit 7 of 297")
            (window,) = server.registry._windows.values()
            server.access_rules.token = "another"
            window.connection.close()
            assert "a token is needed" in await chromium.wait_until(lambda: words(page))

    visit(story)


def test_what_is_saved_is_downloaded(visit, browser, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    async def story(server, open_page):
        async with open_page() as page:
            await page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
            await page.title_with("test digit 7 of 297")
            await page.press("s")
            path = tmp_path / "neuralscope-digits-7-explore.png"
            await chromium.wait_until(path.exists)
            assert path.read_bytes().startswith(b"\x89PNG")

    visit(story)
    assert not list((tmp_path / "here").iterdir())


def test_a_window_is_as_sharp_as_the_screen_and_a_tiny_page_shows_a_larger_one(visit):
    async def story(server, open_page):
        async with open_page() as page:
            await page.title_with("test digit 7 of 297")
            (window,) = server.registry._windows.values()
            for size, sharp, wanted in (((800, 600), 2, (1600, 1200)), ((320, 600), 1, (320, 600)),
                                        ((6000, 800), 1, (5120, 682)), ((800, 600), 3, (1600, 1200))):
                await page.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1],
                                deviceScaleFactor=sharp, mobile=False)
                await chromium.wait_until(lambda wanted=wanted: window.canvas.get_width_height(physical=True) == wanted)
            await page.press("Enter")
            await chromium.wait_until(lambda: page.value("!document.title.includes('digit 7 ')"))

    visit(story)


def test_the_script_is_small_and_knows_the_bounds():
    folder = Path(window_registry.__file__).with_name("static")
    script = folder.joinpath("canvas.js").read_text()
    assert sum(len(folder.joinpath(f"{name}.js").read_text().splitlines())
               for name in ("window", "canvas", "connection", "live")) <= 270
    assert (
        f"const LARGEST = [{MAX_PIXEL_RATIO * MAX_WINDOW_SIZE[0]}, {MAX_PIXEL_RATIO * MAX_WINDOW_SIZE[1]}], "
        f"RATIO = {MAX_PIXEL_RATIO};"
        in script
    )


def test_the_program_stands_in_for_a_display_and_ends_with_q(browser):
    async def story(address):
        async with chromium.page_of(browser, address) as page:
            await page.title_with("test digit 7 of 297")
            await page.press("q")
            assert "The program has ended" in await chromium.wait_until(lambda: words(page))

    with desktop.started_program("--dataset", "digits", "--index", 7) as program:
        asyncio.run(story(re.search(r"http://\S+/", program.stdout.readline())[0]))
        assert program.communicate(timeout=TIMEOUT_S) == ("", "")
        assert program.returncode == 0


def test_a_page_that_is_not_attached_yet_is_asked_again():
    answers = [{"error": {"message": "Not attached to an active page"}}, {"result": {"data": 1}},
               {"error": {"message": "another"}}]

    class Socket:
        async def write_message(self, text):
            self.asked = json.loads(text)["id"]

        async def read_message(self):
            return json.dumps({"id": self.asked} | answers.pop(0))

    page = chromium.Page(Socket())
    assert asyncio.run(page.call("Page.captureScreenshot")) == {"data": 1}
    with pytest.raises(chromium.ProtocolError, match="another"):
        asyncio.run(page.call("Page.captureScreenshot"))
