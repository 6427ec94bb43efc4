"""The slow, the silent and the many, over real sockets."""

import asyncio
import json
import os
import random
from contextlib import suppress

import pytest

from neuralscope.visualizer.server import limits
from tests.helpers.http_client import TIMEOUT_S, read_response, with_server


@pytest.mark.parametrize("start", [
    b"", b"GET", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\nhalf"])
def test_a_half_open_connection_is_dropped(shipped, embedded, monkeypatch, start):
    monkeypatch.setattr(limits, "IDLE_TIMEOUT_S", 0.3)
    monkeypatch.setattr(limits, "BODY_TIMEOUT_S", 0.3)

    async def story(client):
        sockets = []
        for _ in range(20):
            sockets.append(await client.connect())
            sockets[-1][1].write(start)
        await client.lives()
        for reader, writer in sockets:
            with suppress(ConnectionResetError):  # dropped before what was written was read
                assert await asyncio.wait_for(reader.read(), TIMEOUT_S) == b""
            writer.close()
        assert client.server.predict_service.reserved_bytes == 0
        await client.lives()

    with_server(shipped, embedded, story)


def test_who_sends_a_byte_now_and_then_is_dropped(shipped, embedded, monkeypatch):
    monkeypatch.setattr(limits, "IDLE_TIMEOUT_S", 0.5)

    async def story(client):
        reader, writer = await client.connect()
        reading = asyncio.ensure_future(reader.read())
        writer.write(b"GET / HTTP/1.1\r\nX: ")
        for _ in range(TIMEOUT_S * 20):
            writer.write(b"x")
            if (await asyncio.wait([reading], timeout=0.05))[0]:
                break
        assert reading.done()
        writer.close()
        await client.lives()

    with_server(shipped, embedded, story)


def test_a_connection_may_be_used_again(shipped, embedded):
    async def story(client):
        reader, writer = await client.connect()
        for _ in range(3):
            writer.write(f"GET /health HTTP/1.1\r\nHost: {client.netloc}\r\n\r\n".encode())
            assert (await read_response(reader)).status == 200
        writer.close()

    with_server(shipped, embedded, story)


def test_the_many_are_turned_away_until_there_is_room(shipped, embedded, monkeypatch):
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 5)

    async def story(client):
        sockets = [await client.connect() for _ in range(5)]
        reader, writer = await client.connect()
        found = await read_response(reader)
        assert found.status == 503
        assert "try again" in found.json["error"]
        assert await reader.read() == b""
        for one in (writer, *(writer for _, writer in sockets)):
            one.close()
        await client.lives()

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("words", [
    b"\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n",
    b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 2**15 + b"\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -4\r\n\r\n",
    b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4, 5\r\n\r\n",
    b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4, 4\r\n\r\n",
    b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"])
def test_what_is_no_request_is_answered_with_an_error_or_not_at_all(shipped, embedded, monkeypatch, words):
    monkeypatch.setattr(limits, "IDLE_TIMEOUT_S", 0.3)

    async def story(client):
        reader, writer = await client.connect()
        writer.write(words)
        found = await asyncio.wait_for(reader.read(), TIMEOUT_S)
        assert not found or found.split()[1] in (b"400", b"403", b"411", b"413")
        assert not found or json.loads(found.partition(b"\r\n\r\n")[2])["error"]
        writer.close()
        await client.lives()

    with_server(shipped, embedded, story)


def test_random_bytes_end_no_server(shipped, embedded):
    rng = random.Random(0)

    async def story(client):
        for _ in range(200):
            _, writer = await client.connect()
            writer.write(rng.choice([b"", b"GET /", b"POST /predict HTTP/1.1\r\n"]) + os.urandom(rng.randrange(300)))
            writer.close()
        await client.lives()

    with_server(shipped, embedded, story)
