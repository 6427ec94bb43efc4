"""What every request meets: bounds before anything is read, safe headers, refusals in a sentence."""

import asyncio
import urllib.error
import urllib.request

import pytest

from neuralscope.visualizer.server import base_handler, limits, predict_service
from neuralscope.visualizer.server.base_handler import MAX_BODY_BYTES, SECURITY_HEADERS
from tests.helpers.http_client import TIMEOUT_S, read_response, until, with_server

LARGE = 11 * 2**20


@pytest.mark.parametrize(("path", "method", "status"), [
    ("/", "GET", 200), ("/draw", "GET", 200), ("/draw.js", "GET", 200), ("/health", "GET", 200),
    ("/nowhere", "GET", 404), ("/draw.html", "GET", 404),
    ("/health", "POST", 405), ("/predict", "GET", 405), ("/", "BREW", 405),
    ("/predict", "POST", 415)])
def test_every_answer_has_the_headers_that_keep_a_browser_safe(shipped, embedded, path, method, status):
    async def story(client):
        found = await client.ask(path, method=method)
        assert found.status == status
        assert "Server" not in found.headers
        for name, value in SECURITY_HEADERS.items():
            if (name, status) != ("Content-Security-Policy", 200):
                assert found.headers[name] == value
        policy = found.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy.replace("style-src 'self' 'unsafe-inline'", "" if path == "/" else "x")
        if status != 200:
            assert set(found.json) == {"error"}

    with_server(shipped, embedded, story)


@pytest.mark.parametrize(("path", "method", "allowed"), [
    ("/predict", "GET", "POST"), ("/health", "DELETE", "GET, HEAD"), ("/draw", "PUT", "GET, HEAD"),
    ("/", "BREW", "GET, HEAD")])
def test_a_wrong_method_is_told_the_right_one(shipped, embedded, path, method, allowed):
    async def story(client):
        found = await client.ask(path, method=method)
        assert (found.status, found.headers["Allow"]) == (405, allowed)

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("path", ["/predict", "/health", "/nowhere", "/socket"])
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(shipped, embedded, path):
    async def story(client):
        for size in (MAX_BODY_BYTES + 1, LARGE, 10**15, "9" * 5000):
            found = await client.ask(path, method="POST", kind="image/png", Content_Length=size)
            assert found.status == 413
            assert "10 MiB" in found.json["error"]
        await client.lives()

    with_server(shipped, embedded, story)


def test_who_sends_all_of_it_first_still_gets_the_answer(shipped, embedded):
    async def story(client):
        for headers, status in (({}, 413), ({"Origin": "http://evil.example"}, 403)):
            request = urllib.request.Request(f"{client.address}predict", bytes(LARGE),
                                             {"Content-Type": "image/png", **headers})
            with pytest.raises(urllib.error.HTTPError) as refused:  # and no broken pipe
                await asyncio.to_thread(urllib.request.urlopen, request)
            refused.value.close()
            assert refused.value.code == status
        assert client.server.predict_service.reserved_bytes == 0

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("path", ["/predict", "/health"])
def test_a_body_that_does_not_say_its_length_is_refused(shipped, embedded, path):
    async def story(client):
        reader, writer = await client.connect()
        writer.write(f"POST {path} HTTP/1.1\r\nHost: {client.netloc}\r\nContent-Type: image/png\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n".encode())
        writer.write(100 * (b"10000\r\n" + bytes(2**16) + b"\r\n"))
        assert (await read_response(reader)).status == 411
        writer.close()
        writer.close()
        await client.lives()

    with_server(shipped, embedded, story)


def test_a_request_that_fails_takes_no_other_along(shipped, embedded, monkeypatch, caplog):
    async def story(client):
        work = predict_service.answer_body
        monkeypatch.setattr(predict_service, "answer_body", lambda *_: 1 / 0)
        found = await client.ask("/predict", b"[0]", "application/json")
        assert found.status == 500
        assert found.json == {"error": "the server failed at this request, and goes on"}
        monkeypatch.setattr(predict_service, "answer_body", work)
        assert (await client.ask("/predict", b"[0]", "application/json")).status == 400
        await client.lives()

    with_server(shipped, embedded, story)
    assert "ZeroDivisionError" in caplog.text  # ours to mend; what strangers send is not logged


def test_who_does_not_fetch_the_answer_is_dropped(shipped, embedded, monkeypatch):
    monkeypatch.setattr(base_handler, "SEND_TIMEOUT_S", 0.2)
    streams, handle_stream = [], limits.LimitedHTTPServer.handle_stream
    monkeypatch.setattr(limits.LimitedHTTPServer, "handle_stream", lambda server, stream, address: (
        streams.append(stream), handle_stream(server, stream, address)))

    async def story(client):
        reader, writer = await client.connect()
        writer.write(f"GET /colours.css HTTP/1.1\r\nHost: {client.netloc}\r\n\r\n".encode() * 1000)
        await until(lambda: streams and streams[0].closed())
        size = 0
        while part := await asyncio.wait_for(reader.read(2**20), TIMEOUT_S):
            size += len(part)
        one = len((await client.ask("/colours.css")).body)
        assert size < 1000 * one
        writer.close()

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("path", ["/", "/draw", "/health", "/window.js"])
def test_who_asks_for_the_head_alone_gets_it(shipped, embedded, path):
    async def story(client):
        reader, writer = await client.connect()
        writer.write(f"HEAD {path} HTTP/1.1\r\nHost: {client.netloc}\r\nConnection: close\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body == b""

    with_server(shipped, embedded, story)


def test_a_picture_without_a_length_is_refused(shipped, embedded):
    async def story(client):
        reader, writer = await client.connect()
        writer.write(f"POST /predict HTTP/1.1\r\nHost: {client.netloc}\r\nContent-Type: image/png\r\n\r\n".encode())
        assert (await read_response(reader)).status == 411
        writer.close()

    with_server(shipped, embedded, story)
