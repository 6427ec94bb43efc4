"""All readers: who comes back to a window, how long it waits, and how many there may be."""

import asyncio
import re

import numpy as np
import pytest

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server import window_registry as module
from neuralscope.visualizer.server.websocket import ENDED, FAILED, TRY_AGAIN
from neuralscope.visualizer.server.window_registry import Readers
from neuralscope.visualizer.session.session import Session
from tests.helpers.http_client import until


class Connection:
    """Stands in for a connection."""

    def __init__(self):
        self.sending, self.told, self.ended = set(), [], None

    def tell(self, kind, content=None, **properties):
        self.told.append(kind)

    def end(self, code, words):
        self.ended = code, words

    def end_elsewhere(self):
        self.ended = "elsewhere", ""


@pytest.fixture
def readers(shipped, embedded, monkeypatch):
    """Return Readers of which there may be three, who are waited for during a tenth of a second."""
    monkeypatch.setattr(module, "MOST", 3)
    monkeypatch.setattr(module, "KEPT", 0.1)
    return Readers(lambda: Session(shipped, embedded, np.random.default_rng(1), 7), THEMES["dark"], None)


async def begun(readers, name=""):
    """Return a reader whose window is made."""
    reader = readers.admit(Connection(), name)
    while reader.scope is None or not reader.working.done():
        await asyncio.sleep(0.005)
    return reader


def run(story, readers):
    async def main():
        try:
            await story()
        finally:
            readers.close()

    asyncio.run(main())


def test_a_reader_who_comes_back_in_time_has_the_same_window(readers):
    async def story():
        reader = await begun(readers)
        session = reader.scope.session
        session.go_to(42)
        readers.leave(reader)
        assert await begun(readers, reader.name) is reader
        await asyncio.sleep(0.2)  # it is not waited for any more
        assert len(readers) == 1
        assert (reader.scope.session, session.index) == (session, 42)

    run(story, readers)


def test_a_window_whose_reader_stays_away_is_freed(readers, monkeypatch):
    async def story():
        reader = await begun(readers)
        closed = []
        monkeypatch.setattr(reader.scope, "close", lambda: closed.append(1) or "")
        readers.leave(reader)
        await until(lambda: closed)
        assert (len(readers), closed, reader.connection) == (0, [1], None)
        assert await begun(readers, reader.name) is not reader
        assert len(readers) == 1

    run(story, readers)


@pytest.mark.parametrize("name", ["", "x", "0" * 22])
def test_a_name_that_nobody_has_is_a_new_readers_and_names_cannot_be_guessed(readers, name):
    async def story():
        made = [readers.admit(Connection(), name).name for _ in range(3)]
        assert len(set(made)) == 3
        assert all(re.fullmatch(r"[\w-]{22}", one) and one != name for one in made)  # 128 bits

    run(story, readers)


def test_a_reader_too_many_is_told_why_until_somebody_leaves(readers):
    async def story():
        first, second, _ = [readers.admit(Connection(), "") for _ in range(3)]
        refused = Connection()
        assert readers.admit(refused, "") is None
        assert refused.ended == (TRY_AGAIN, "All 3 windows of this server are taken; this page tries again.")
        readers.leave(second)
        readers.leave(first)
        assert readers.admit(Connection(), "")
        assert readers.admit(Connection(), first.name) is first  # who left last is given up last
        assert readers.admit(Connection(), second.name) is None
        assert len(readers) == 3

    run(story, readers)


@pytest.mark.parametrize("stands_in", [True, False])
def test_q_ends_the_window_and_the_program_where_it_stands_in_for_a_display(readers, stands_in):
    async def story():
        ended = []
        readers.ended = (lambda: ended.append(1)) if stands_in else None
        reader, other = await begun(readers), await begun(readers)
        connection = reader.connection
        readers.quit(reader)
        await asyncio.sleep(0)
        code, words = connection.ended
        assert code == ENDED
        assert ("program" if stands_in else "Reload the page") in words
        assert ended == [1] * stands_in
        assert (len(readers), reader.connection, other.connection.ended) == (1, None, None)

    run(story, readers)


def test_a_window_that_fails_is_said_to_and_another_stays(readers):
    async def story():
        reader, other = await begun(readers), await begun(readers)
        connection = reader.connection
        readers.fail(reader)
        readers.fail(reader)
        assert connection.ended[0] == FAILED
        assert "failed" in connection.ended[1]
        assert (len(readers), other.connection.ended) == (1, None)

    run(story, readers)


def test_where_one_window_cannot_be_closed_the_others_are(readers, monkeypatch):
    class OfThisTestError(RuntimeError):
        pass

    def failing():
        raise OfThisTestError

    async def story():
        first, second, third = [await begun(readers) for _ in range(3)]
        closed = []
        monkeypatch.setattr(second.scope, "close", failing)
        for one in (first, third):
            monkeypatch.setattr(one.scope, "close", lambda one=one: closed.append(one) or "")
        with pytest.raises(OfThisTestError):
            readers.close()
        assert set(closed) == {first, third}
        assert len(readers) == 0

    run(story, readers)
