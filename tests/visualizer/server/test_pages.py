"""The pages and what they load: all of it from here, none of it against their own policy."""

import asyncio
import re

from neuralscope.visualizer.server.pages import ROUTES
from tests.helpers import chromium
from tests.helpers.http_client import with_server

TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


def faults(name, answer):
    """Return what is wrong with the answer that brings a page or one of its files."""
    text, kind = answer.body.decode(), name.rpartition(".")[2]
    loads = {"html": r"(?:src|href)=\"([\w.]+)\"", "js": r"from \"\./([\w.]+)\""}.get(kind, r"(?!)")
    found = [f"loads {loaded}" for loaded in re.findall(loads, text) if f"/{loaded}" not in ROUTES]
    if answer.status != 200:
        found.append(f"status {answer.status}")
    if answer.headers["Content-Type"] != f"{TYPES[kind]}; charset=utf-8":
        found.append(answer.headers["Content-Type"])
    if kind == "html" and re.search(r"(src|href)=\"(\w+:)?//", text):
        found.append("loads from elsewhere")
    if kind == "html" and re.search(r"<script(?! [^>]*src=)|\son\w+=|<[^>]* style=", text):
        found.append("has what the policy forbids")
    return found


def test_every_page_and_file_comes_as_what_it_is(shipped, embedded):
    async def story(client):
        found = {path: faults(ROUTES[path][1], await client.ask(path)) for path in ROUTES}
        assert not {path: wrong for path, wrong in found.items() if wrong}

    with_server(shipped, embedded, story)


def test_the_window_does_nothing_that_its_policy_forbids(shipped, embedded, browser):
    async def story(client):
        async with chromium.page_of(browser, client.address) as page:
            await page.be(1000, 700)
            await page.title_with("test digit 7 of 297")
            await page.press("Enter")
            await asyncio.sleep(0.5)
            await page.title_with("test digit")
            assert page.complaints == []

    with_server(shipped, embedded, story)
