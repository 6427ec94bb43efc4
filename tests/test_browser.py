"""The server of the window in a browser: what it serves, under which names, and at which port."""

import re
import socket

import pytest
from tornado import httpclient

from neuralscope.errors import InputError
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server.application import serve
from tests.visitor import visit


def test_the_page_and_its_script_come(shipped, embedded):
    async def story(address, connect):
        client = httpclient.AsyncHTTPClient()
        page = (await client.fetch(address)).body.decode()
        assert THEMES["dark"].background in page
        assert not re.search(r"(src|href)=\"(https?:)?//", page)  # nothing is loaded from elsewhere
        assert re.findall(r"<script(.*?)>(.*?)</script>", page) == [(' src="window.js"', "")]
        assert b"WebSocket" in (await client.fetch(address + "window.js")).body

    visit(shipped, embedded, story)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example:8080"])
def test_a_foreign_name_is_refused(shipped, embedded, host):
    async def story(address, connect):
        client = httpclient.AsyncHTTPClient()
        for path in ("", "window.js"):
            with pytest.raises(httpclient.HTTPClientError) as refused:
                await client.fetch(address + path, headers={"Host": host})
            assert refused.value.code == 403

    visit(shipped, embedded, story)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:80"])
def test_this_machines_names_are_answered_with_any_port_or_none(shipped, embedded, host):
    async def story(address, connect):
        assert (await httpclient.AsyncHTTPClient().fetch(address, headers={"Host": host})).code == 200

    visit(shipped, embedded, story)


def test_a_port_that_is_taken_is_said(shipped, embedded):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port}.*choose another"):
            serve(None, THEMES["dark"], None, port, print, ends_with_reader=True)
