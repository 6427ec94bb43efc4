"""What one who does not see the pages, or sees them in colours of their own, has of them, in a real browser."""

import json

import pytest

from tests.helpers import chromium
from tests.helpers.http_client import with_server

# Everything that can be reached or seen has a name, a page has one headline, and all of it is in a landmark.
FAULTS = """JSON.stringify((() => {
  const found = [], all = what => [...document.querySelectorAll(what)];
  const named = one => one.getAttribute("aria-label") || one.innerText?.trim()
    || document.getElementById(one.getAttribute("aria-labelledby"))?.innerText.trim();
  if (document.documentElement.lang !== "en") found.push("no language");
  if (!document.title.trim()) found.push("no title");
  for (const once of ["main", "h1"]) if (all(once).length !== 1) found.push(`not one ${once}`);
  for (const one of all("canvas")) if (!one.role || !named(one)) found.push(`canvas ${one.id} without role or name`);
  for (const one of all("a, button, [tabindex], [role=application], dialog")) {
    if (!named(one) && one.checkVisibility()) found.push(`${one.tagName} ${one.id} without a name`);
  }
  for (const one of all("[tabindex]")) if (one.tabIndex > 0) found.push(`${one.id} out of order`);
  for (const one of all("[aria-describedby], [aria-labelledby]")) {
    const names = one.getAttribute("aria-describedby") || one.getAttribute("aria-labelledby");
    if (!document.getElementById(names)) found.push(`${names} is nowhere`);
  }
  const ids = all("[id]").map(one => one.id);
  if (new Set(ids).size < ids.length) found.push("two of one id");
  for (const one of document.body.children) {
    if (!/MAIN|HEADER|FOOTER|DIALOG|SCRIPT|NOSCRIPT/.test(one.tagName)) found.push(`${one.tagName} in no landmark`);
  }
  const channel = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce(
    (sum, value, place) => sum + [0.2126, 0.7152, 0.0722][place] * channel(value / 255), 0);
  const ground = one => {
    const colour = getComputedStyle(one).backgroundColor;
    return /, 0\\)$/.test(colour) && one.parentElement ? ground(one.parentElement) : colour;
  };
  for (const one of all("p, h1, h1 *, td, th, caption, button, kbd, a, figcaption *, footer *")) {
    if (!one.checkVisibility() || !one.innerText?.trim()) continue;
    const [low, high] = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => a - b);
    if ((high + 0.05) / (low + 0.05) < 4.5) found.push(`${one.tagName} "${one.innerText}" is hard to read`);
  }
  return found;
})())"""
SAID = "JSON.stringify(Object.fromEntries([...document.querySelectorAll('#said p')].map(" \
       "part => [part.dataset.text, part.textContent])))"
FORCED = [{"name": "forced-colors", "value": "active"}, {"name": "prefers-color-scheme", "value": "dark"}]


@pytest.fixture
def visit(browser, shipped, embedded):
    """Return a function that runs ``story(server, page)`` on the page at a path."""
    def visit(story, path=""):
        async def visited(client):
            async with chromium.page_of(browser, client.address + path) as page:
                await page.title_with("test digit 7" if not path else "draw a digit")
                await chromium.wait_until(lambda: page.value("document.readyState === 'complete'"))
                await story(client.server, page)

        with_server(shipped, embedded, visited)

    return visit


async def said(page):
    """Return what is said of the window, as a dict."""
    return json.loads(await page.value(SAID))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_page_to_draw_on_has_names_order_and_contrast(visit, theme):
    async def story(server, page):
        await page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        assert json.loads(await page.value(FAULTS)) == []
        reached = []
        for _ in range(2):
            await page.press("Tab")
            reached.append(await page.value("document.activeElement.id || document.activeElement.innerText"))
        assert reached == ["pad", "the whole window"]

    visit(story, "draw")


def test_the_windows_page_has_names_and_contrast_whatever_lies_over_it(visit):
    async def story(server, page):
        assert json.loads(await page.value(FAULTS)) == []
        await page.value("ask({ words: 'End this window?' })")
        assert json.loads(await page.value(FAULTS)) == []
        await page.value("leave.close(); say(BLOCKED, true)")
        assert json.loads(await page.value(FAULTS)) == []

    visit(story)


def test_view_headline_readout_and_cell_are_said_when_they_change(visit):
    async def story(server, page):
        await chromium.wait_until(lambda: page.value(f"{SAID}.includes('neuron')"))
        found = await said(page)
        assert (found["view"], found["headline"][:18]) == ("explore", "test digit 7 of 29")
        assert await page.value("canvas.role + canvas.getAttribute('aria-label')") == (
            "applicationNeuralScope, the view explore")
        assert await page.value("document.getElementById('said').role") == "status"
        await page.value("window.changes = []; new MutationObserver(list => changes.push(...list.map(one => "
                         "one.target.dataset.text))).observe(document.getElementById('said'), "
                         "{ childList: true, subtree: true }); 0")
        await page.press("Tab")
        await page.press("ArrowRight")
        await chromium.wait_until(lambda: page.value(f"{SAID}.includes('row')"))
        assert set(await page.value("changes")) <= {"readout", "focus"}  # what stays is not said again
        await page.press("n")
        await chromium.wait_until(lambda: page.value(f"JSON.parse({SAID}).view === 'neuron'"))
        assert await page.value("canvas.getAttribute('aria-label')") == "NeuralScope, the view neuron"
        await page.press("?", shift=True)
        await chromium.wait_until(lambda: page.value(f"{SAID}.includes('all keys')"))

    visit(story)


def test_the_focus_begins_in_the_window_and_a_tab_after_escape_leaves_it(visit):
    async def story(server, page):
        (window,) = server.registry._windows.values()
        where = "document.activeElement.id"
        assert await page.value(where) == "window"
        await page.press("Tab")
        assert await page.value(where) == "window"
        await chromium.wait_until(lambda: window.main_window.view.focus)
        await page.press("Escape")
        await page.press("Tab")
        assert await page.value(where) == "aside"
        assert await page.value("document.getElementById('aside').getBoundingClientRect().width > 80")
        await page.press("n")  # is not the window's now
        await page.press("Tab", shift=True)
        assert await page.value(where) == "window"
        assert await page.value("getComputedStyle(canvas).outlineStyle") == "solid"
        await page.press("Enter")
        await chromium.wait_until(lambda: page.value("!document.title.includes('digit 7 ')"))
        assert window.main_window.view.title == "explore"

    visit(story)


@pytest.mark.parametrize("ends", [True, False])
def test_a_tap_on_quit_asks_first(visit, ends):
    async def story(server, page):
        (window,) = server.registry._windows.values()
        await chromium.wait_until(lambda: page.value("canvas.width === innerWidth && canvas.height === innerHeight"))
        footer = window.main_window.footer
        place = next(word for word, binding in zip(footer.words, footer.bindings, strict=False)
                     if binding.action == "quit")
        left, bottom, width, height = place.bounds()
        x, y = left + width / 2, window.main_window.surface.height - bottom - height / 2
        for button in (1, 2)[:1 + ends]:  # stay, end
            await chromium.wait_until(lambda: page.value(f"document.elementFromPoint({x}, {y}) === canvas"))
            await page.drag([(x, y)])
            await chromium.wait_until(lambda: page.value("leave.open"))
            assert await page.value("document.activeElement.innerText + leave.children[0].innerText") == (
                "stayEnd this window? Its drawing goes with it.")
            assert len(server.registry) == 1
            await page.value(f"leave.children[{button}].click()")
            assert not await page.value("leave.open")
        if not ends:
            await page.press("q")  # which is no slip
        await chromium.wait_until(lambda: page.value("sentence.textContent.includes('This window has ended')"))
        assert len(server.registry) == 0

    visit(story)


def test_forced_colours_show_pad_bars_and_buttons(visit):
    async def story(server, page):
        await page.call("Emulation.setEmulatedMedia", features=FORCED)
        await page.drag([(200, 200), (200, 300), (200, 450)])
        await page.title_with("NeuralScope: reads ")
        style = "getComputedStyle(document.querySelector('{}')).{}"
        ground = await page.value(style.format("body", "backgroundColor"))
        for what in (".bar div", ".answer .bar div"):
            assert await page.value(style.format(what, "backgroundColor")) != ground
        for what, edge in ((".square", "outline"), ("#prepared canvas", "outline"), ("button", "border")):
            assert await page.value(style.format(what, f"{edge}Style")) == "solid"
            assert await page.value(style.format(what, f"{edge}Color")) != ground
        shown = await page.picture()
        left, top, width, height = [round(side) for side in json.loads(await page.value(
            "(box => JSON.stringify([box.left, box.top, box.width, box.height]))(pad.getBoundingClientRect())"))]
        colours = shown[top:top + height, left:left + width].reshape(-1, 3).astype(int).sum(axis=1)
        assert colours.max() - colours.min() > 400  # ink on its ground

    visit(story, "draw")
