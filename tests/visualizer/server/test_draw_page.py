"""The page to draw on, in a real Chromium: mouse, finger, keys; what is shown, and what is read out."""

import json
import re

import pytest

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server.base_handler import Refusal
from neuralscope.visualizer.server.theme_css import theme_css
from tests.helpers import chromium
from tests.helpers.http_client import with_server

SEVEN = [(0.25, 0.2), (0.45, 0.19), (0.7, 0.2), (0.62, 0.4), (0.52, 0.6), (0.45, 0.85)]
ONE = [(0.5, 0.15), (0.5, 0.4), (0.5, 0.6), (0.5, 0.85)]
TABLE = ("JSON.stringify([...document.getElementById('bars').rows].map("
         "row => [row.cells[0].innerText, row.cells[2].innerText]))")


def open_page(shipped, embedded, browser, story, width=900, height=600, host=None, **options):
    """Run ``story(page, client)`` on /draw in a page of this size; the page may complain of nothing."""
    async def visited(client):
        address = client.address.replace("/?", "/draw?") if host else f"{client.address}draw"
        async with chromium.page_of(browser, address) as page:
            await page.be(width, height, **options)
            await story(page, client)
            assert page.complaints == []

    with_server(shipped, embedded, visited, host)


async def places(page, points):
    """Return points of the unit square in the page's pixels on the pad."""
    box = json.loads(await page.value("JSON.stringify(document.getElementById('pad').getBoundingClientRect())"))
    return [(box["left"] + x * box["width"], box["top"] + y * box["height"]) for x, y in points]


async def reads(page, words):
    """Wait until the headline begins so, and return the bars' text as a dict."""
    async def look():
        return (await page.value("document.getElementById('answer').innerText")).startswith(words)

    await chromium.wait_until(look)
    return dict(json.loads(await page.value(TABLE)))


def test_a_mouse_draws_and_takes_back(shipped, embedded, browser):
    async def story(page, client):
        await reads(page, "draw a digit")
        await page.drag(await places(page, ONE))
        bars = await reads(page, "reads 1 ")
        assert list(bars) == list("0123456789")
        assert all(text.endswith("%") for text in bars.values())
        others = [text for name, text in bars.items() if name != "1"]
        assert float(bars["1"].strip("<> %")) > max(float(text.strip("<> %")) for text in others)
        said = await page.value("document.getElementById('said').innerText")
        assert re.fullmatch(r"reads 1 [> ]*[\d.]+ %, then \d, [< ]*[\d.]+ %; \d, [< ]*[\d.]+ %", said)
        await page.value("document.getElementById('undo').click()")
        bars = await reads(page, "draw a digit")
        assert set(bars.values()) == {"–"}
        await page.drag(await places(page, SEVEN))
        await reads(page, "reads 7 ")
        await page.press("Delete")
        await reads(page, "draw a digit")
        await page.press("z")
        await reads(page, "reads 7 ")

    open_page(shipped, embedded, browser, story)


def test_a_dot_is_told_and_two_digits_are(shipped, embedded, browser):
    async def story(page, client):
        await page.drag(await places(page, [(0.3, 0.2), (0.305, 0.2)]))

        async def told():
            return "too little ink" in (await page.value("document.getElementById('trouble').innerText")).lower()

        await chromium.wait_until(told)
        await reads(page, "draw a digit")
        await page.drag(await places(page, [(0.3, 0.2), (0.3, 0.5), (0.3, 0.8)]))
        await page.drag(await places(page, [(0.7, 0.2), (0.7, 0.5), (0.7, 0.8)]))

        async def both():
            return "looks like 2 digits: 11" in await page.value("document.getElementById('others').innerText")

        await chromium.wait_until(both)
        assert not await told()

    open_page(shipped, embedded, browser, story)


def test_a_finger_draws_on_a_telephone(shipped, embedded, browser):
    async def story(page, client):
        await page.touch(await places(page, SEVEN))
        await reads(page, "reads 7 ")
        assert await page.value("scrollY") == 0  # the page stays where it is
        assert await page.value("document.documentElement.scrollWidth") == 360
        small = await page.value("Math.min(...[...document.querySelectorAll('button')].map(one => one.offsetHeight))")
        assert small >= 40  # pixels, which a finger meets
        for what in ("#answer", "#pad", "#bars", "#prepared", ".layer"):  # all is in sight while one draws
            assert await page.value(f"document.querySelector('{what}').getBoundingClientRect().bottom") <= 740
        await page.be(360, 500, ratio=2, theme="light", touch=True)
        await page.touch([(300, 480), (300, 200)])
        await chromium.wait_until(lambda: page.value("scrollY > 100"))  # beside the pad it scrolls

    open_page(shipped, embedded, browser, story, 360, 740, ratio=2, touch=True)


def test_the_prepared_picture_and_the_heatmap_come_at_each_stroke(shipped, embedded, browser):
    pixels = ("(canvas => JSON.stringify([...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
              ".data]))(document.querySelector('{} canvas'))")

    async def story(page, client):
        await page.drag(await places(page, ONE))
        await reads(page, "reads 1 ")
        for name, side, table in (("#prepared", 28, "ink"), (".layer", 16, "activations")):
            found = json.loads(await page.value(pixels.format(name)))
            colours = {tuple(found[place:place + 3]) for place in range(0, len(found), 4)}
            assert len(found) == 4 * side * side
            assert len(colours) > 5
            assert colours <= {tuple(row) for row in getattr(THEMES["light"], table)[:, :3].tolist()}
        before = await page.value(pixels.format(".layer"))
        words = await page.value("document.querySelector('.layer').innerText")
        assert re.search(r"256 hidden neurons\s+\d+ fire, \d+ stay at 0\s+0\s+[\d.]+", words)
        await page.drag(await places(page, SEVEN))
        await chromium.wait_until(lambda: changed(page, pixels.format(".layer"), before))

    open_page(shipped, embedded, browser, story, theme="light")


async def changed(page, expression, before):
    """Say whether an expression has come to something else."""
    return await page.value(expression) != before


def test_it_is_read_while_the_stroke_goes_on(shipped, embedded, browser):
    async def story(page, client):
        points = await places(page, ONE)
        await page.call("Input.dispatchMouseEvent", type="mousePressed", x=points[0][0], y=points[0][1], button="left",
                        buttons=1, clickCount=1)
        for x, y in points[1:]:
            await page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y, button="left", buttons=1)
        await reads(page, "reads 1 ")
        assert await page.value("document.getElementById('said').innerText") == ""  # said once, when it is done

    open_page(shipped, embedded, browser, story)


def test_keys_draw_too(shipped, embedded, browser):
    async def story(page, client):
        await page.press("Tab")
        assert await page.value("document.activeElement.id") == "pad"
        for key in ["ArrowUp"] * 10 + ["Enter"] + ["ArrowDown"] * 20 + ["Enter"] + ["ArrowLeft"] * 3:
            await page.press(key)
        await reads(page, "reads 1 ")
        assert "pen up, row 24, column 11" in await page.value("document.getElementById('pen').innerText")
        assert await page.value("scrollY") == 0
        await page.press("Tab")
        assert await page.value("document.activeElement.id") == "undo"

    open_page(shipped, embedded, browser, story)


def test_with_a_token_the_page_works_and_its_address_shows_none(shipped, embedded, browser):
    async def story(page, client):
        await page.drag(await places(page, ONE))
        await reads(page, "reads 1 ")
        assert "token" not in await page.value("location.href")

    open_page(shipped, embedded, browser, story, host="127.0.0.1")


def test_a_server_that_is_full_is_asked_again_and_one_that_is_gone_is_said(shipped, embedded, browser):
    async def story(page, client):
        async def full(*_):
            raise Refusal(503)

        client.server.predict_service.answer = full
        await page.drag(await places(page, ONE))
        await chromium.wait_until(
            lambda: page.value("document.getElementById('trouble').innerText.includes('try again')")
        )
        del client.server.predict_service.answer
        await reads(page, "reads 1 ")
        assert await page.value("document.getElementById('trouble').innerText") == ""
        page.complaints.clear()  # Chromium logs each answer that is an error
        await page.call("Network.enable")
        await page.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0,
                        uploadThroughput=0)
        await page.drag(await places(page, SEVEN))
        await chromium.wait_until(
            lambda: page.value("document.getElementById('trouble').innerText.includes('No answer')")
        )
        page.complaints.clear()

    open_page(shipped, embedded, browser, story)


@pytest.mark.slow
def test_nothing_is_cut_off_or_jumps(shipped, embedded, browser):
    async def story(page, client):
        for width, height in [(360, 740), (740, 360), (768, 1024), (900, 600), (1400, 800), (1920, 1080)]:
            await page.be(width, height)
            top = "document.getElementById('pad').getBoundingClientRect().top"
            before = await page.value(top)
            await page.drag(await places(page, SEVEN))
            await reads(page, "reads 7 ")
            assert await page.value(top) == before
            assert await page.value("document.documentElement.scrollWidth") == width
            if width > height > 500:
                assert await page.value("document.documentElement.scrollHeight") == height
            assert await page.value("[...document.querySelectorAll('td, th, button, p:not(.unseen), h1')].every("
                                    "one => one.scrollWidth <= one.clientWidth + 1)")

    open_page(shipped, embedded, browser, story)


def test_the_colours_are_the_windows_own():
    dark, light = theme_css().split("@media (prefers-color-scheme: light)")
    for sheet, theme in ((dark, THEMES["dark"]), (light, THEMES["light"])):
        assert f"--background: {theme.background};" in sheet
        for name in ("ink", "activations", "signed"):
            found = re.search(rf"--map-{name}: (.*?);", sheet)[1].split(", ")
            assert [[int(one[place:place + 2], 16) for place in (1, 3, 5)] for one in found] == (
                getattr(theme, name)[:, :3].tolist())
