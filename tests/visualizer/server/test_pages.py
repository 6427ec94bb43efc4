"""The pages and what they load: all of it from here, none of it against their own policy."""

import asyncio
import re

import pytest

from neuralscope.visualizer.server.pages import ROUTES
from tests.helpers import chromium
from tests.helpers.environment import unavailable
from tests.helpers.http_client import with_server

TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


@pytest.mark.parametrize("path", ROUTES)
def test_every_page_and_file_comes_as_what_it_is(shipped, embedded, path):
    async def story(client):
        found = await client.ask(path)
        name = ROUTES[path][1]
        assert found.status == 200
        assert found.headers["Content-Type"] == f"{TYPES[name.rpartition('.')[2]]}; charset=utf-8"
        text = found.body.decode()
        if name.endswith(".html"):
            assert not re.search(r"(src|href)=\"(\w+:)?//", text)  # nothing is loaded from elsewhere
            assert not re.search(r"<script(?! [^>]*src=)|\son\w+=|<[^>]* style=", text)  # which the policy forbids
            for loaded in re.findall(r"(?:src|href)=\"([\w.]+)\"", text):
                assert f"/{loaded}" in ROUTES
        if name.endswith(".js"):
            for loaded in re.findall(r"from \"\./([\w.]+)\"", text):
                assert f"/{loaded}" in ROUTES

    with_server(shipped, embedded, story)


def test_the_window_does_nothing_that_its_policy_forbids(shipped, embedded, tmp_path):
    if not chromium.chromium_path():
        unavailable("browser", "needs Chromium")

    async def story(client):
        async with chromium.opened(client.address, tmp_path, 1000, 700) as page:
            await page.be(1000, 700)
            await page.title_with("test digit 7 of 297")
            await page.press("Enter")
            await asyncio.sleep(0.5)
            await page.title_with("test digit")
            assert page.complaints == []

    with_server(shipped, embedded, story)
