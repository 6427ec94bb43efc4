"""The connection of a page to its window, over a real server: what it takes, what it gives, and how it ends."""

import asyncio
import json
import logging
import socket

import numpy as np
import pytest
from tornado import httpclient

from neuralscope.visualizer.drawing.theme import THEMES, rgb
from neuralscope.visualizer.server import websocket as module
from neuralscope.visualizer.server import window_registry
from neuralscope.visualizer.server.client_messages import MAX_MESSAGE_BYTES
from neuralscope.visualizer.server.websocket import (
    CLOSE_ENDED,
    CLOSE_FAILED,
    CLOSE_MALFORMED,
    CLOSE_TAKEN_OVER,
    CLOSE_TOO_MANY,
    CLOSE_TRY_AGAIN,
)
from tests.helpers.page_client import TIMEOUT_S, with_window_server

TOO_LARGE = 1009  # RFC 6455


def test_a_reader_presses_keys_and_sees_the_picture_change(shipped, embedded):
    async def story(address, connect):
        client = await connect()
        client.say("resize", width=1000, height=700, ratio=1)
        await client.until_title("test digit 7 of 297")
        await client.until(lambda: client.picture is not None and client.picture.shape == (700, 1000, 3))
        assert tuple(client.picture[2, 2]) == rgb(THEMES["dark"].background)
        before = client.picture.copy()
        client.press("Enter")
        await client.until(lambda: "digit 7 " not in client.title)
        await client.until(lambda: (client.picture != before).any())
        client.press("g", "4", "2", "Enter")
        await client.until_title("test digit 42 of 297")
        client.press("?", shift=True)
        await client.until_title("all keys")
        client.press("Escape")
        await client.until_title("test digit 42 of 297")

    with_window_server(shipped, embedded, story)


@pytest.mark.parametrize(("keys", "title"), [
    ([("Tab", False), ("Tab", True), ("Tab", False), ("Escape", False), ("End", False), (" ", False)], "digit"),
    ([("n", False), ("ArrowRight", False), ("PageUp", False), ("PageDown", False)], "neuron"),
    ([("g", False), ("4", False), ("Backspace", False), ("9", False), ("Enter", False)], "digit 9 of"),
    ([("d", False), ("Delete", False), ("+", True), ("-", False), ("F11", False), ("Home", False)], "draw a digit")])
def test_keys_of_a_browser_are_those_of_the_window(shipped, embedded, keys, title):
    async def story(address, connect):
        client = await connect()
        for key, shift in keys:
            client.press(key, shift=shift)
        await client.until_title(title)

    with_window_server(shipped, embedded, story)


def test_a_reader_trains_and_leaves_and_what_was_learned_is_in_a_file(shipped, embedded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    async def story(address, connect):
        client = await connect()
        client.press("t")
        await client.until_title("train a network")
        client.press(" ")
        await client.until_title("of test digits right")
        await client.close()

    with_window_server(shipped, embedded, story)
    assert "what was learned is in my-training.checkpoint.npz" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-training.checkpoint.epochs.npz",
                                                                "my-training.checkpoint.npz"]


def test_two_readers_do_not_move_each_others_digit(shipped, embedded):
    async def story(address, connect):
        one, two = await connect(), await connect()
        for client in (one, two):
            await client.until_title("test digit 7 of 297")
        assert one.name != two.name
        one.press("Enter")
        await one.until(lambda: "digit 7 " not in one.title)
        two.press("ArrowLeft", "?")  # from its own first digit there is no way back
        await two.until_title("all keys")
        two.press("Escape")
        await two.until_title("test digit 7 of 297")

    with_window_server(shipped, embedded, story)


def test_who_comes_back_by_name_has_the_same_digit_and_another_page_takes_over(shipped, embedded):
    async def story(address, connect):
        client = await connect()
        client.press("g", "4", "2", "Enter")
        await client.until_title("test digit 42 of 297")
        await client.close()
        again = await connect(client.name)
        await again.until_title("test digit 42 of 297")
        await again.until(lambda: again.picture is not None)
        assert again.picture.shape == (800, 1400, 3)
        third = await connect(client.name)
        assert (await again.end())[0] == CLOSE_TAKEN_OVER
        await third.until_title("test digit 42 of 297")
        third.press("Enter")
        await third.until(lambda: "digit 42 " not in third.title)
        other = await connect("another-name")
        await other.until_title("test digit 7 of 297")

    with_window_server(shipped, embedded, story)


@pytest.mark.parametrize("stands_in", [True, False])
def test_q_ends_the_window_and_the_program_where_it_stands_in_for_a_display(shipped, embedded, stands_in):
    async def story(address, connect):
        client = await connect()
        client.press("q")
        code, words = await client.end()
        assert code == CLOSE_ENDED
        if stands_in:
            assert words == "The program has ended."
            await asyncio.wait_for(story.server.ended.wait(), TIMEOUT_S)
        else:
            assert "This window has ended" in words
            again = await connect(client.name)
            await again.until_title("test digit 7 of 297")

    with_window_server(shipped, embedded, story, ends_on_quit=stands_in)


def test_a_beat_is_answered_at_once_whatever_waits(shipped, embedded):
    async def story(address, connect):
        client = await connect(shows=False)
        await client.until(lambda: client.frames)
        client.press(*"cwe")
        for count in range(1, 4):
            client.say("beat")
            await client.until(lambda count=count: len(client.signals) == count)
        assert client.signals == ["beat"] * 3

    with_window_server(shipped, embedded, story)


def test_texts_come_when_they_change_and_the_page_may_say_quit(shipped, embedded):
    async def story(address, connect):
        client = await connect()
        await client.until(lambda: client.texts.get("readout", "").startswith("neuron"))
        assert (client.texts["view"], client.texts["headline"]) == ("explore", client.title.partition(": ")[2])
        client.press("Tab")
        await client.until(lambda: client.texts["readout"].startswith("pixel"))
        assert client.texts["focus"] == ""  # the readout speaks of it
        client.press("n", "?")
        await client.until(lambda: client.texts["headline"] == "all keys")
        assert client.texts["view"] == "neuron"
        client.say("quit")
        assert (await client.end())[0] == CLOSE_ENDED

    with_window_server(shipped, embedded, story)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("no JSON", CLOSE_MALFORMED),
        ('{"type": "resize", "width": 20000, "height": 20000, "ratio": 1}', CLOSE_MALFORMED),
        ('{"type": "key_press", "key": "x"}', CLOSE_MALFORMED),
        (b"\x00\xff", CLOSE_MALFORMED),
        ("x" * (MAX_MESSAGE_BYTES + 1), TOO_LARGE),
    ],
)
def test_a_message_that_is_none_ends_its_own_window_alone(shipped, embedded, message, code, caplog):
    async def story(address, connect):
        client, other = await connect(), await connect()
        client.socket.write_message(message, binary=isinstance(message, bytes))
        found, words = await client.end()
        assert found == code
        assert words
        other.press("Enter")
        await other.until(lambda: other.title and "digit 7 " not in other.title)

    with_window_server(shipped, embedded, story)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_who_says_too_much_is_dropped_and_holds_up_nobody(shipped, embedded, monkeypatch):
    monkeypatch.setattr(module, "MAX_BURST_MESSAGES", 200)
    move = json.dumps({"type": "motion_notify", "x": 1, "y": 1, "button": 0, "buttons": 0, "shift": False})

    async def story(address, connect):
        client, other = await connect(), await connect()
        for _ in range(1000):
            client.socket.write_message(move)
        assert (await client.end())[0] == CLOSE_TOO_MANY
        other.press("Enter")
        await other.until(lambda: other.title and "digit 7 " not in other.title)

    with_window_server(shipped, embedded, story)


def test_a_page_that_nobody_sees_gets_one_frame(shipped, embedded):
    async def story(address, connect):
        hidden = await connect(shows=False)
        await hidden.until(lambda: hidden.frames)
        for key in ("Enter", "c", "w", "e"):
            hidden.press(key)
            await asyncio.sleep(0.05)
        hidden.say("ack")
        await hidden.until(lambda: hidden.frames == 2)
        hidden.press("q")
        await hidden.end()
        assert hidden.frames == 2

    with_window_server(shipped, embedded, story)


@pytest.mark.slow  # tornado gives five seconds to who has to say goodbye
def test_who_does_not_answer_is_dropped(shipped, embedded, monkeypatch):
    monkeypatch.setattr(module.WindowConnection, "ping_interval", 0.2)
    monkeypatch.setattr(module.WindowConnection, "ping_timeout", 0.2)

    async def story(address, connect):
        client = await connect()
        host, port = address.removeprefix("http://").strip("/").split(":")
        with socket.create_connection((host, int(port))) as silent:
            silent.sendall(f"GET /socket HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {address.rstrip('/')}\r\n"
                           "Connection: Upgrade\r\n"
                           "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode())
            await until(lambda: sum(bool(one.connection) for one in everybody()) == 2)
            await until(lambda: sum(bool(one.connection) for one in everybody()) == 1)
        await client.until_title("test digit 7 of 297")

    def everybody():
        return story.server.registry._windows.values()

    with_window_server(shipped, embedded, story)


async def until(done):
    for _ in range(TIMEOUT_S * 100):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited {TIMEOUT_S} seconds in vain")


def test_a_session_that_fails_ends_its_own_window_alone(shipped, embedded, caplog):
    def failing():
        raise ArithmeticError("of this test")

    async def story(address, connect):
        client, other = await connect(), await connect()
        for one in (client, other):
            await one.until_title("test digit 7 of 297")
        story.server.registry._windows[client.name].main_window.session.digit_history.next_digit = failing
        client.press("Enter")
        code, words = await client.end()
        assert code == CLOSE_FAILED
        assert "Something failed in this window" in words
        other.press("Enter")
        await other.until(lambda: "digit 7 " not in other.title)
        assert len(story.server.registry) == 1

    with_window_server(shipped, embedded, story)
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "of this test" in str(record.exc_info[1])


def test_a_reader_too_many_is_told_why(shipped, embedded, monkeypatch):
    monkeypatch.setattr(window_registry, "MAX_WINDOWS", 1)

    async def story(address, connect):
        client, other = await connect(), await connect()
        await client.until_title("test digit 7 of 297")
        assert await other.end() == (CLOSE_TRY_AGAIN, "All 1 windows of this server are taken; this page tries again.")
        await client.close()
        third = await connect()
        await third.until_title("test digit 7 of 297")

    with_window_server(shipped, embedded, story)


def test_what_a_reader_saves_comes_over_the_connection(shipped, embedded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def story(address, connect):
        client = await connect()
        client.press("s")
        await client.until(lambda: client.files)
        (name, content), = client.files.items()
        assert name == "neuralscope-digits-7-explore.png"
        assert content.startswith(b"\x89PNG")

    with_window_server(shipped, embedded, story)
    assert not list(tmp_path.iterdir())


def test_a_frame_waits_until_a_file_has_left_and_then_comes(shipped, embedded, monkeypatch):
    async def story(address, connect):
        client = await connect()
        await client.until(lambda: client.frames)
        (window,) = story.server.registry._windows.values()
        left, write_message = asyncio.Event(), window.connection.write_message

        async def slowly(sending):
            await sending
            await left.wait()

        def write(message, binary=False):
            sending = write_message(message, binary)
            return asyncio.ensure_future(slowly(sending)) if message == bytes(2**20) else sending

        monkeypatch.setattr(window.connection, "write_message", write)
        reading = asyncio.ensure_future(client.until(lambda: ", not " in client.title))
        await until(lambda: window.page_ready and not window.frame_requested and window.work_task.done())
        window.download("large", bytes(2**20))
        window.schedule_work()
        await until(lambda: client.files)
        client.press("w")
        await until(lambda: window.frame_requested and not window.waiting_messages and window.work_task.done())
        assert len(window.connection.pending_sends) == 1
        assert not reading.done()
        left.set()
        await reading
        assert len(client.files["large"]) == 2**20
        assert not window.connection.pending_sends

    with_window_server(shipped, embedded, story)


def test_a_stroke_of_a_pointer_is_a_drawing(shipped, embedded):
    async def story(address, connect):
        client = await connect()
        client.press("d")
        points = [(250, 800 * (0.175 + share * 0.4)) for share in np.linspace(0.1, 0.9, 9)]
        client.point("button_press", *points[0], buttons=1)
        for point in points[1:]:
            client.point("motion_notify", *point, buttons=1)
        client.point("button_release", *points[-1])
        await client.until_title("your drawing, reads 1 ")
        client.say("scroll", x=1, y=1, button=0, buttons=0, shift=False, step=-1)
        client.point("figure_leave", -1, 5)
        client.press("e")
        await client.until_title("your drawing")

    with_window_server(shipped, embedded, story)


def test_a_foreign_page_or_name_may_not_connect(shipped, embedded):
    async def story(address, connect):
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"}):
            with pytest.raises(httpclient.HTTPClientError) as refused:
                await connect(headers=headers)
            assert refused.value.code == 403

    with_window_server(shipped, embedded, story)
