"""The start of the server: where it listens, what it prints, and the program around it."""
import os
import re
import signal
import socket
import urllib.request

import pytest
from tornado import httpclient

from neuralscope.errors import InputError
from neuralscope.visualizer.__main__ import parser
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.live.server_files import DEFAULT_DISK_BYTES
from neuralscope.visualizer.server.application import listen, serve
from tests.helpers import desktop
from tests.helpers.page_client import with_window_server


@pytest.mark.parametrize("host", ["no.such.name.example", "203.0.113.1", "", "a\0b", "x" * 300])
def test_a_host_that_cannot_be_listened_at_is_said(host):
    with pytest.raises(InputError, match=r"--host .*choose"):
        listen(host, 0)


@pytest.mark.slow
@pytest.mark.parametrize("host", [None, "127.0.0.1"])
def test_the_program_says_where_it_is_and_who_may_come(tmp_path, host):
    words = ["--host", host] if host else ["--browser"]
    changes = {} if host else {"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22", "LOGNAME": "ada"}
    with desktop.started_program("--dataset", "digits", *words, folder=tmp_path, **changes) as program:
        place = re.search(r"the window is in the browser: (http://127\.0\.0\.1:(\d+)/\S*) \(Ctrl-C ends it\)",
                          program.stdout.readline())
        assert ("?token=" in place[1]) == bool(host)
        forward = f"ssh -N -L {place[2]}:127.0.0.1:{place[2]} ada@10.0.0.2"
        assert ("whoever has this address" if host else forward) in program.stdout.readline()
        with urllib.request.urlopen(place[1].replace("/?", "/health?") if host else place[1] + "health") as answer:
            assert b'"ok"' in answer.read()
        os.kill(program.pid, signal.SIGTERM if host else signal.SIGINT)
        output, errors = program.communicate(timeout=desktop.TIMEOUT_S)
        assert (program.returncode, output, errors) == (143 if host else 130, "", "neuralscope.visualizer: stopped\n")


def test_the_room_for_trainings_is_an_option(capsys):
    assert parser().parse_args([]).disk == DEFAULT_DISK_BYTES
    assert parser().parse_args(["--disk", "500MB"]).disk == 500 * 10**6
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args(["--disk", "much"])
    assert "'much': choose a size, as 500MB or 2GB" in capsys.readouterr().err


def test_the_page_and_its_script_come(shipped, embedded):
    async def story(address, connect):
        client = httpclient.AsyncHTTPClient()
        page = (await client.fetch(address)).body.decode()
        assert THEMES["dark"].background in page
        assert not re.search(r"(src|href)=\"(https?:)?//", page)  # nothing is loaded from elsewhere
        assert re.findall(r"<script(.*?)>(.*?)</script>", page) == [
            (f' src="{name}.js"', "") for name in ("connection", "live", "canvas", "window")]
        assert b"WebSocket" in (await client.fetch(address + "connection.js")).body

    with_window_server(shipped, embedded, story)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example:8080"])
def test_a_foreign_name_is_refused(shipped, embedded, host):
    async def story(address, connect):
        client = httpclient.AsyncHTTPClient()
        for path in ("", "window.js"):
            with pytest.raises(httpclient.HTTPClientError) as refused:
                await client.fetch(address + path, headers={"Host": host})
            assert refused.value.code == 403

    with_window_server(shipped, embedded, story)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:80"])
def test_this_machines_names_are_answered_with_any_port_or_none(shipped, embedded, host):
    async def story(address, connect):
        assert (await httpclient.AsyncHTTPClient().fetch(address, headers={"Host": host})).code == 200

    with_window_server(shipped, embedded, story)


def test_a_port_that_is_taken_is_said(shipped, embedded):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port}.*choose another"):
            serve(None, THEMES["dark"], None, port, print, ends_on_quit=True)
