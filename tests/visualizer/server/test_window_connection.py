"""The window's page on bad networks, in a real browser: silence, proxies, and a window that waits no more."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest

from neuralscope.visualizer.server import pages
from neuralscope.visualizer.server.window_registry import GONE_TEXT
from tests.helpers import chromium
from tests.helpers.http_client import with_server
from tests.helpers.proxy import PREFIX, proxy_to

SENTENCE = "document.querySelector('#words p')?.textContent"
HURRY = {"BEAT = 3000": "BEAT = 400", "PATIENCE = 2500": "PATIENCE = 350", "AGAIN = 1000": "AGAIN = 100"}
SEEN = "[...document.querySelectorAll('#said p')].map(part => part.textContent).join(' | ')"


@pytest.fixture
def visit(browser, shipped, embedded):
    """Return a function that runs ``story(server, proxy, page)`` on a page that comes through a `Proxy`."""
    def visit(story, host=None, path="/", **options):
        async def visited(client):
            words = f"?token={client.server.access_rules.token}" if host else ""
            async with AsyncExitStack() as stack:
                proxy, port = await stack.enter_async_context(proxy_to(client.port, **options))
                address = f"http://127.0.0.1:{port}{path}{words}"
                await story(client.server, proxy, await stack.enter_async_context(chromium.page_of(browser, address)))

        with_server(shipped, embedded, visited, host)

    return visit


@pytest.fixture
def hurried(monkeypatch):
    """Let the page be in a hurry: more than seven beats where there was one."""
    script = pages.read_static("connection.js")
    for slow, fast in HURRY.items():
        assert slow in script
        script = script.replace(slow, fast)
    read = pages.read_static
    monkeypatch.setattr(pages, "read_static", lambda name: script if name == "connection.js" else read(name))


async def sentence_with(page, words):
    """Wait until the page says ``words`` over the window."""
    await chromium.wait_until(lambda: page.value(f"{SENTENCE}.includes({words!r})"))


async def go_to_42(page):
    """Show a digit by which the window is known again."""
    await page.title_with("test digit 7 of 297")
    for key in ("g", "4", "2", "Enter"):
        await page.press(key)
    await page.title_with("test digit 42 of 297")


def test_a_network_that_is_gone_is_said_and_the_window_comes_back(visit, hurried):
    async def story(server, proxy, page):
        await go_to_42(page)
        proxy.silent = True
        await sentence_with(page, "the network is gone")
        proxy.silent = False
        await sentence_with(page, "")
        await chromium.wait_until(lambda: page.value("words.hidden"))
        await page.press("n")
        await page.title_with("hidden layer")
        assert len(server.registry) == 1

    visit(story)


def test_it_takes_less_than_a_quarter_of_a_minute():
    script = pages.read_static("connection.js")
    beat, unanswered, patience = (int(re.search(rf"\b{name} = (\d+)", script)[1])
                                  for name in ("BEAT", "UNANSWERED", "PATIENCE"))
    assert beat * (unanswered + 1) + patience < 15_000  # milliseconds, where a picture was just coming


@pytest.mark.slow
def test_a_page_that_sleeps_says_nothing_when_it_wakes(visit, hurried):
    async def story(server, proxy, page):
        await go_to_42(page)
        await page.value("window.said = []; new MutationObserver(() => said.push(sentence.textContent))"
                         ".observe(words, { childList: true, subtree: true }); window.first = socket; 0")
        # for as long as seven beats nothing runs in it, as where the machine sleeps
        await page.value("(until => { while (Date.now() < until); })(Date.now() + 2800)")
        await asyncio.sleep(0.5)
        assert await page.value("first === socket")
        await page.call("Page.enable")
        await page.call("Page.setWebLifecycleState", state="frozen")
        await asyncio.sleep(1)
        await page.call("Page.setWebLifecycleState", state="active")
        await chromium.wait_until(lambda: page.value("isOpen() && first !== socket"))  # which the browser had closed
        assert await page.value("said.join()") == ""

    visit(story)


@pytest.mark.slow
def test_a_picture_that_is_long_on_its_way_is_no_silence(visit, hurried):
    async def story(server, proxy, page):
        await go_to_42(page)
        (window,) = server.registry._windows.values()
        write, later = window.connection.write_message, asyncio.get_running_loop().call_later
        sent = []

        def write_late(message, binary=False):  # from the picture on, everything a second later
            if binary or sent:
                sent.append(message)
                later(2.5, write, message, binary)
                return asyncio.ensure_future(asyncio.sleep(2.5))
            return write(message, binary)

        window.connection.write_message = write_late
        await page.value("window.first = socket; 0")
        await page.press("n")
        await page.title_with("hidden layer")
        await asyncio.sleep(3)
        assert sent
        assert await page.value("words.hidden && first === socket")

    visit(story)


def test_where_no_websocket_comes_through_that_is_said_and_the_page_to_draw_on_works(visit, hurried):
    async def story(server, proxy, page):
        await sentence_with(page, "lets no WebSocket through")
        assert await page.value("instead.checkVisibility() && instead.href.endsWith('/deep/draw')")
        await page.value("instead.click()")
        await page.title_with("draw a digit")
        await chromium.wait_until(lambda: page.value("document.readyState === 'complete'"))
        await page.drag([(200, 200), (200, 300), (200, 450)])
        await page.title_with("NeuralScope: reads ")

    visit(story, path=f"{PREFIX}/", refuses=lambda head: "websocket" in head.lower())


@pytest.mark.parametrize(("path", "ends"), [("/", "/"), ("/draw", "/draw")])
def test_the_way_that_a_proxy_takes_off_stays_with_the_token_too(visit, path, ends):
    async def story(server, proxy, page):
        await page.title_with("test digit 7" if path == "/" else "draw a digit")
        assert await page.value("location.pathname + location.search") == f"{PREFIX}{ends}"

    visit(story, "127.0.0.1", PREFIX + path)


def test_whose_window_is_gone_is_told_and_a_new_reader_is_not(visit):
    async def story(server, proxy, page):
        await go_to_42(page)
        assert GONE_TEXT not in await page.value(SEEN)
        (window,) = server.registry._windows.values()
        connection = window.connection
        server.registry.discard(window)
        connection.close()
        await page.title_with("test digit 7 of 297")
        await chromium.wait_until(lambda: page.value(f"{SEEN}.includes({GONE_TEXT!r})"))

    visit(story)


REFUSALS = [("413 Content Too Large", "the picture is too large for it (413)"),
            ("403 Forbidden", "it refuses the picture (403)"),
            ("502 Bad Gateway", "it does not reach the program (502)"), ("200 OK", "a page of its own (200)")]


def test_the_page_to_draw_on_says_that_a_proxy_refuses_it(visit):
    async def story(server, proxy, page):
        await page.title_with("draw a digit")
        await chromium.wait_until(lambda: page.value("document.readyState === 'complete'"))
        for proxy.refusal, words in REFUSALS:
            await page.drag([(200, 200), (200, 300), (200, 450)])
            await chromium.wait_until(
                lambda words=words: page.value(f"document.getElementById('trouble').innerText.includes({words!r})"))
            assert "Something on the way" in await page.value("document.getElementById('trouble').innerText")

    visit(story, path="/draw", refuses=lambda head: head.startswith("POST"))
