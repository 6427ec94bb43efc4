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
from neuralscope.visualizer.server.client_messages import LARGEST
from neuralscope.visualizer.server.websocket import ELSEWHERE, ENDED, FAILED, MALFORMED, TOO_MANY, TRY_AGAIN
from tests.helpers.page_client import PATIENCE, visit

TOO_LARGE = 1009  # RFC 6455


def test_a_reader_presses_keys_and_sees_the_picture_change(shipped, embedded):
    async def story(address, connect):
        visitor = await connect()
        visitor.say("resize", width=1000, height=700, ratio=1)
        await visitor.until_title("test digit 7 of 297")
        await visitor.until(lambda: visitor.picture is not None and visitor.picture.shape == (700, 1000, 3))
        assert tuple(visitor.picture[2, 2]) == rgb(THEMES["dark"].background)
        before = visitor.picture.copy()
        visitor.press("Enter")
        await visitor.until(lambda: "digit 7 " not in visitor.title)
        await visitor.until(lambda: (visitor.picture != before).any())
        visitor.press("g", "4", "2", "Enter")
        await visitor.until_title("test digit 42 of 297")
        visitor.press("?", shift=True)
        await visitor.until_title("all keys")
        visitor.press("Escape")
        await visitor.until_title("test digit 42 of 297")

    visit(shipped, embedded, story)


@pytest.mark.parametrize(("keys", "title"), [
    ([("Tab", False), ("Tab", True), ("Tab", False), ("Escape", False), ("End", False), (" ", False)], "digit"),
    ([("n", False), ("ArrowRight", False), ("PageUp", False), ("PageDown", False)], "neuron"),
    ([("g", False), ("4", False), ("Backspace", False), ("9", False), ("Enter", False)], "digit 9 of"),
    ([("d", False), ("Delete", False), ("+", True), ("-", False), ("F11", False), ("Home", False)], "draw a digit")])
def test_keys_of_a_browser_are_those_of_the_window(shipped, embedded, keys, title):
    async def story(address, connect):
        visitor = await connect()
        for key, shift in keys:
            visitor.press(key, shift=shift)
        await visitor.until_title(title)

    visit(shipped, embedded, story)


def test_a_reader_trains_and_leaves_and_what_was_learned_is_in_a_file(shipped, embedded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    async def story(address, connect):
        visitor = await connect()
        visitor.press("t")
        await visitor.until_title("train a network")
        visitor.press(" ")
        await visitor.until_title("of test digits right")
        await visitor.close()

    visit(shipped, embedded, story)
    assert "what was learned is in my-training.checkpoint.npz" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-training.checkpoint.epochs.npz",
                                                                "my-training.checkpoint.npz"]


def test_two_readers_do_not_move_each_others_digit(shipped, embedded):
    async def story(address, connect):
        one, two = await connect(), await connect()
        for visitor in (one, two):
            await visitor.until_title("test digit 7 of 297")
        assert one.name != two.name
        one.press("Enter")
        await one.until(lambda: "digit 7 " not in one.title)
        two.press("ArrowLeft", "?")  # from its own first digit there is no way back
        await two.until_title("all keys")
        two.press("Escape")
        await two.until_title("test digit 7 of 297")

    visit(shipped, embedded, story)


def test_who_comes_back_by_name_has_the_same_digit_and_another_page_takes_over(shipped, embedded):
    async def story(address, connect):
        visitor = await connect()
        visitor.press("g", "4", "2", "Enter")
        await visitor.until_title("test digit 42 of 297")
        await visitor.close()
        again = await connect(visitor.name)
        await again.until_title("test digit 42 of 297")
        await again.until(lambda: again.picture is not None)
        assert again.picture.shape == (800, 1400, 3)
        third = await connect(visitor.name)
        assert (await again.end())[0] == ELSEWHERE
        await third.until_title("test digit 42 of 297")
        third.press("Enter")
        await third.until(lambda: "digit 42 " not in third.title)
        other = await connect("another-name")
        await other.until_title("test digit 7 of 297")

    visit(shipped, embedded, story)


@pytest.mark.parametrize("stands_in", [True, False])
def test_q_ends_the_window_and_the_program_where_it_stands_in_for_a_display(shipped, embedded, stands_in):
    async def story(address, connect):
        visitor = await connect()
        visitor.press("q")
        code, words = await visitor.end()
        assert code == ENDED
        if stands_in:
            assert words == "The program has ended."
            await asyncio.wait_for(story.server.ended.wait(), PATIENCE)
        else:
            assert "This window has ended" in words
            again = await connect(visitor.name)
            await again.until_title("test digit 7 of 297")

    visit(shipped, embedded, story, ends_with_reader=stands_in)


@pytest.mark.parametrize(("message", "code"), [
    ("no JSON", MALFORMED), ('{"type": "resize", "width": 20000, "height": 20000, "ratio": 1}', MALFORMED),
    ('{"type": "key_press", "key": "x"}', MALFORMED), (b"\x00\xff", MALFORMED), ("x" * (LARGEST + 1), TOO_LARGE)])
def test_a_message_that_is_none_ends_its_own_window_alone(shipped, embedded, message, code, caplog):
    async def story(address, connect):
        visitor, other = await connect(), await connect()
        visitor.socket.write_message(message, binary=isinstance(message, bytes))
        found, words = await visitor.end()
        assert found == code
        assert words
        other.press("Enter")
        await other.until(lambda: other.title and "digit 7 " not in other.title)

    visit(shipped, embedded, story)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_who_says_too_much_is_dropped_and_holds_up_nobody(shipped, embedded, monkeypatch):
    monkeypatch.setattr(module, "BURST", 200)
    move = json.dumps({"type": "motion_notify", "x": 1, "y": 1, "button": 0, "buttons": 0, "shift": False})

    async def story(address, connect):
        visitor, other = await connect(), await connect()
        for _ in range(1000):
            visitor.socket.write_message(move)
        assert (await visitor.end())[0] == TOO_MANY
        other.press("Enter")
        await other.until(lambda: other.title and "digit 7 " not in other.title)

    visit(shipped, embedded, story)


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

    visit(shipped, embedded, story)


@pytest.mark.slow  # tornado gives five seconds to who has to say goodbye
def test_who_does_not_answer_is_dropped(shipped, embedded, monkeypatch):
    monkeypatch.setattr(module.Connection, "ping_interval", 0.2)
    monkeypatch.setattr(module.Connection, "ping_timeout", 0.2)

    async def story(address, connect):
        visitor = await connect()
        host, port = address.removeprefix("http://").strip("/").split(":")
        with socket.create_connection((host, int(port))) as silent:
            silent.sendall(f"GET /socket HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {address.rstrip('/')}\r\n"
                           "Connection: Upgrade\r\n"
                           "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode())
            await until(lambda: sum(bool(one.connection) for one in everybody()) == 2)
            await until(lambda: sum(bool(one.connection) for one in everybody()) == 1)
        await visitor.until_title("test digit 7 of 297")

    def everybody():
        return story.server.readers._known.values()

    visit(shipped, embedded, story)


async def until(done):
    for _ in range(PATIENCE * 100):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited {PATIENCE} seconds in vain")


def test_a_session_that_fails_ends_its_own_window_alone(shipped, embedded, caplog):
    def failing():
        raise ArithmeticError("of this test")

    async def story(address, connect):
        visitor, other = await connect(), await connect()
        for one in (visitor, other):
            await one.until_title("test digit 7 of 297")
        story.server.readers._known[visitor.name].scope.session.next_digit = failing
        visitor.press("Enter")
        code, words = await visitor.end()
        assert code == FAILED
        assert "Something failed in this window" in words
        other.press("Enter")
        await other.until(lambda: "digit 7 " not in other.title)
        assert len(story.server.readers) == 1

    visit(shipped, embedded, story)
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "of this test" in str(record.exc_info[1])


def test_a_reader_too_many_is_told_why(shipped, embedded, monkeypatch):
    monkeypatch.setattr(window_registry, "MOST", 1)

    async def story(address, connect):
        visitor, other = await connect(), await connect()
        await visitor.until_title("test digit 7 of 297")
        assert await other.end() == (TRY_AGAIN, "All 1 windows of this server are taken; this page tries again.")
        await visitor.close()
        third = await connect()
        await third.until_title("test digit 7 of 297")

    visit(shipped, embedded, story)


def test_what_a_reader_saves_comes_over_the_connection(shipped, embedded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def story(address, connect):
        visitor = await connect()
        visitor.press("s")
        await visitor.until(lambda: visitor.files)
        (name, content), = visitor.files.items()
        assert name == "neuralscope-digits-7-explore.png"
        assert content.startswith(b"\x89PNG")

    visit(shipped, embedded, story)
    assert not list(tmp_path.iterdir())


def test_a_frame_waits_until_a_file_has_left_and_then_comes(shipped, embedded, monkeypatch):
    async def story(address, connect):
        visitor = await connect()
        await visitor.until(lambda: visitor.frames)
        (reader,) = story.server.readers._known.values()
        left, write_message = asyncio.Event(), reader.connection.write_message

        async def slowly(sending):
            await sending
            await left.wait()

        def write(message, binary=False):
            sending = write_message(message, binary)
            return asyncio.ensure_future(slowly(sending)) if message == bytes(2**20) else sending

        monkeypatch.setattr(reader.connection, "write_message", write)
        reading = asyncio.ensure_future(visitor.until(lambda: ", not " in visitor.title))
        await until(lambda: reader.ready and not reader.wanted and reader.working.done())
        reader.hand_over("large", bytes(2**20))
        reader.wake()
        await until(lambda: visitor.files)
        visitor.press("w")
        await until(lambda: reader.wanted and not reader.events and reader.working.done())
        assert len(reader.connection.sending) == 1
        assert not reading.done()
        left.set()
        await reading
        assert len(visitor.files["large"]) == 2**20
        assert not reader.connection.sending

    visit(shipped, embedded, story)


def test_a_stroke_of_a_pointer_is_a_drawing(shipped, embedded):
    async def story(address, connect):
        visitor = await connect()
        visitor.press("d")
        points = [(250, 800 * (0.175 + share * 0.4)) for share in np.linspace(0.1, 0.9, 9)]
        visitor.point("button_press", *points[0], buttons=1)
        for point in points[1:]:
            visitor.point("motion_notify", *point, buttons=1)
        visitor.point("button_release", *points[-1])
        await visitor.until_title("your drawing, reads 1 ")
        visitor.say("scroll", x=1, y=1, button=0, buttons=0, shift=False, step=-1)
        visitor.point("figure_leave", -1, 5)
        visitor.press("e")
        await visitor.until_title("your drawing")

    visit(shipped, embedded, story)


def test_a_foreign_page_or_name_may_not_connect(shipped, embedded):
    async def story(address, connect):
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"}):
            with pytest.raises(httpclient.HTTPClientError) as refused:
                await connect(headers=headers)
            assert refused.value.code == 403

    visit(shipped, embedded, story)
