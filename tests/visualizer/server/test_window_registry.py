"""All readers: who comes back to a window, how long it waits, and how many there may be."""

import asyncio
import re

import numpy as np
import pytest

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server import window_registry as module
from neuralscope.visualizer.server.websocket import CLOSE_ENDED, CLOSE_FAILED, CLOSE_TRY_AGAIN
from neuralscope.visualizer.server.window_registry import WindowRegistry
from neuralscope.visualizer.session.session import Session
from tests.helpers.http_client import until

HOUR_S = 3600


class Connection:
    """Stands in for a connection."""

    def __init__(self):
        self.pending_sends, self.sent_events, self.ended = set(), [], None

    def send_event(self, kind, content=None, **properties):
        self.sent_events.append(kind)

    def end_with_reason(self, code, words):
        self.ended = code, words

    def end_taken_over(self):
        self.ended = "elsewhere", ""


@pytest.fixture
def registry(shipped, embedded, monkeypatch):
    """Return Readers of which there may be three, who are waited for during a tenth of a second."""
    monkeypatch.setattr(module, "MAX_WINDOWS", 3)
    monkeypatch.setattr(module, "RECONNECT_TIMEOUT_S", 0.1)
    return WindowRegistry(lambda: Session(shipped, embedded, np.random.default_rng(1), 7), THEMES["dark"], None)


async def begun(registry, name=""):
    """Return a reader whose window is made."""
    window = registry.connect(Connection(), name)
    while window.main_window is None or not window.work_task.done():
        await asyncio.sleep(0.005)
    return window


def run(story, registry):
    async def main():
        try:
            await story()
        finally:
            registry.close()

    asyncio.run(main())


def test_memory_goes_back_once_after_many_windows_were_closed(registry, monkeypatch):
    given_back = []
    monkeypatch.setattr(module, "GIVE_BACK_DELAY_S", 0.1)
    monkeypatch.setattr(module, "give_back_memory", lambda: given_back.append(len(registry)))

    async def story():
        for window in [await begun(registry) for _ in range(3)]:
            registry.discard(window)
        await until(lambda: given_back)
        assert given_back == [0]
        registry.discard(await begun(registry))
        await until(lambda: len(given_back) == 2)

    run(story, registry)


def test_a_reader_who_comes_back_in_time_has_the_same_window(registry):
    async def story():
        window = await begun(registry)
        session = window.main_window.session
        session.digit_history.go_to(42)
        registry.disconnect(window)
        assert await begun(registry, window.name) is window
        await asyncio.sleep(0.2)  # it is not waited for any more
        assert len(registry) == 1
        assert (window.main_window.session, session.index) == (session, 42)

    run(story, registry)


def test_a_window_waits_for_an_hour():
    assert module.RECONNECT_TIMEOUT_S == HOUR_S


def test_who_comes_back_to_a_new_window_is_told_and_who_comes_first_is_not(registry):
    async def story():
        first = await begun(registry)
        assert first.main_window.message is None
        registry.disconnect(first)
        await until(lambda: not len(registry))
        again = await begun(registry, first.name)
        assert again.main_window.message == module.GONE_TEXT
        assert again.main_window.readout.line.text.startswith("your window before is gone")

    run(story, registry)


def test_a_window_whose_reader_stays_away_is_freed(registry, monkeypatch):
    async def story():
        window = await begun(registry)
        closed = []
        monkeypatch.setattr(window.main_window, "close", lambda: closed.append(1) or "")
        registry.disconnect(window)
        await until(lambda: closed)
        assert (len(registry), closed, window.connection) == (0, [1], None)
        assert await begun(registry, window.name) is not window
        assert len(registry) == 1

    run(story, registry)


@pytest.mark.parametrize("name", ["", "x", "0" * 22])
def test_a_name_that_nobody_has_is_a_new_readers_and_names_cannot_be_guessed(registry, name):
    async def story():
        made = [registry.connect(Connection(), name).name for _ in range(3)]
        assert len(set(made)) == 3
        assert all(re.fullmatch(r"[\w-]{22}", one) and one != name for one in made)  # 128 bits

    run(story, registry)


def test_a_reader_too_many_is_told_why_until_somebody_leaves(registry):
    async def story():
        first, second, _ = [registry.connect(Connection(), "") for _ in range(3)]
        refused = Connection()
        assert registry.connect(refused, "") is None
        assert refused.ended == (CLOSE_TRY_AGAIN, "All 3 windows of this server are taken; this page tries again.")
        registry.disconnect(second)
        registry.disconnect(first)
        assert registry.connect(Connection(), "")
        assert registry.connect(Connection(), first.name) is first  # who left last is given up last
        assert registry.connect(Connection(), second.name) is None
        assert len(registry) == 3

    run(story, registry)


@pytest.mark.parametrize("stands_in", [True, False])
def test_q_ends_the_window_and_the_program_where_it_stands_in_for_a_display(registry, stands_in):
    async def story():
        ended = []
        registry.ended = (lambda: ended.append(1)) if stands_in else None
        window, other = await begun(registry), await begun(registry)
        connection = window.connection
        registry.quit(window)
        await asyncio.sleep(0)
        code, words = connection.ended
        assert code == CLOSE_ENDED
        assert ("program" if stands_in else "Reload the page") in words
        assert ended == [1] * stands_in
        assert (len(registry), window.connection, other.connection.ended) == (1, None, None)

    run(story, registry)


def test_a_window_that_fails_is_said_to_and_another_stays(registry):
    async def story():
        window, other = await begun(registry), await begun(registry)
        connection = window.connection
        registry.fail(window)
        registry.fail(window)
        assert connection.ended[0] == CLOSE_FAILED
        assert "failed" in connection.ended[1]
        assert (len(registry), other.connection.ended) == (1, None)

    run(story, registry)


def test_where_one_window_cannot_be_closed_the_others_are(registry, monkeypatch):
    class OfThisTestError(RuntimeError):
        pass

    def failing():
        raise OfThisTestError

    async def story():
        first, second, third = [await begun(registry) for _ in range(3)]
        closed = []
        monkeypatch.setattr(second.main_window, "close", failing)
        for one in (first, third):
            monkeypatch.setattr(one.main_window, "close", lambda one=one: closed.append(one) or "")
        with pytest.raises(OfThisTestError):
            registry.close()
        assert set(closed) == {first, third}
        assert len(registry) == 0

    run(story, registry)
