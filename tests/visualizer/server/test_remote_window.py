"""A reader's window: whose turn it is, what waits for the page, and what a failure ends."""

import asyncio
import io
import logging

import numpy as np
import pytest
from PIL import Image

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server import remote_window as module
from neuralscope.visualizer.server.remote_window import Reader
from neuralscope.visualizer.session.analysis_cache import Study
from neuralscope.visualizer.session.session import Session
from tests.conftest import snapshots_of
from tests.helpers.page_client import NOTHING


class Page:
    """Stands in for a connection: keeps what it is told, and shows every frame unless it is hidden."""

    def __init__(self, hidden=False):
        self.told, self.sending, self.reader, self.hidden, self.ended = [], set(), None, hidden, 0

    def tell(self, kind, content=None, **properties):
        self.told.append((kind, content, properties))
        if kind == "frame" and not self.hidden:
            asyncio.get_running_loop().call_soon(self.reader.take, {"type": "ack"})

    def end_elsewhere(self):
        self.ended += 1

    def count(self, kind):
        return sum(one[0] == kind for one in self.told)


class Readers:
    """Stands in for all readers."""

    theme, view = THEMES["dark"], None

    def __init__(self, shipped, embedded, study=None):
        self.failed, self.left = [], []
        self.new_session = lambda: Session(shipped, embedded, np.random.default_rng(1), 7, study)

    def fail(self, reader):
        self.failed.append(reader)

    def quit(self, reader):
        self.left.append(reader)


@pytest.fixture(scope="module")
def study(shipped, embedded):
    """Return all that is known of the shipped network: nothing is left to find out between two events."""
    study = Study(shipped.network, embedded.test)
    for _ in study.steps():
        pass
    return study


@pytest.fixture
def meet(shipped, embedded, study):
    """Return a function that runs ``story(reader, page)`` with a window that is shown to a page."""
    def meet(story, **options):
        async def main():
            reader, page = Reader("name", Readers(shipped, embedded, study)), Page(**options)
            page.reader = reader
            reader.attach(page)
            reader.take({"type": "ack"})
            await idle(reader)
            try:
                await story(reader, page)
            finally:
                reader.close()

        asyncio.run(main())

    return meet


async def until(done):
    """Wait until ``done()``."""
    for _ in range(6000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited 60 seconds in vain")


async def idle(reader):
    """Wait until the reader's window has nothing to do, but for its timers."""
    while reader.events or not (reader.working and reader.working.done()) or (reader.wanted and reader.ready):
        await asyncio.sleep(0.005)


def key(name, repeat=False, shift=False):
    return {"type": "key_press", "key": name, "shift": shift, "repeat": repeat}


def at(kind, x, y, buttons=0):
    return {"type": kind, **NOTHING, "x": x, "y": y, "buttons": buttons}


def test_what_waits_is_done_in_order_and_shown_in_one_frame(meet):
    async def story(reader, page):
        done, shown = [], page.count("frame")
        reader._do = lambda message: (done.append(message["key"]), reader.want())
        for name in "abcd":
            assert reader.take(key(name))
        await idle(reader)
        assert done == list("abcd")
        assert page.count("frame") - shown <= 1

    meet(story)


@pytest.mark.parametrize(("buttons", "kept"), [(0, 1), (1, module.STROKE)])
def test_moves_that_wait_are_few_and_the_last_one_is_among_them(meet, buttons, kept):
    async def story(reader, page):
        for x in range(50):
            reader.take(at("motion_notify", x, 1, buttons))
        assert [message["x"] for message in reader.events] == [*range(kept - 1), 49]
        reader.take(at("button_release", 50, 1))
        reader.take(at("motion_notify", 51, 1))
        assert len(reader.events) == kept + 2  # a release parts what came before from what comes after
        await idle(reader)

    meet(story)


def test_of_sizes_that_wait_the_last_one_counts(meet):
    async def story(reader, page):
        for width in (700, 800, 900):
            reader.take({"type": "resize", "width": width, "height": 600, "ratio": 1.5})
        assert len(reader.events) == 1
        await idle(reader)
        sizes = {(one[2]["width"], one[2]["height"]) for one in page.told if one[0] == "frame"}
        assert sizes <= {(1400, 800), (1350, 900)}
        assert (1350, 900) in sizes

    meet(story)


def test_a_key_that_is_held_repeats_and_never_falls_behind(meet):
    async def story(reader, page):
        seen = len(reader.scope.session.seen)
        reader.take(key("Enter"))
        for _ in range(30):
            reader.take(key("Enter", repeat=True))
        assert len(reader.events) == 1
        await idle(reader)
        reader.take(key("Enter", repeat=True))
        await idle(reader)
        assert len(reader.scope.session.seen) == seen + 2

    meet(story)


def test_a_page_that_says_too_much_is_told_so(meet):
    async def story(reader, page):
        assert all(reader.take(key("c")) for _ in range(module.MOST_WAITING))
        assert not reader.take(key("c"))

    meet(story)


def test_a_page_that_nobody_sees_gets_one_frame_and_its_timers_stand_still(meet):
    async def story(reader, page):
        called = []
        timer = reader.canvas.new_timer(1, [(called.append, (1,), {})])
        timer.start()
        for name in ("Enter", "Enter", "c", "e"):
            reader.take(key(name))
            await asyncio.sleep(0.02)
        assert page.count("frame") == 1
        assert not called
        reader.take({"type": "ack"})
        await until(lambda: page.count("frame") > 1)
        await idle(reader)
        assert page.count("frame") == 2

    meet(story, hidden=True)


def test_a_window_that_nobody_is_connected_to_costs_nothing(meet):
    async def story(reader, page):
        called = []
        timer = reader.canvas.new_timer(1, [(called.append, (1,), {})])
        timer.start()
        await until(lambda: called)
        reader.detach()
        called.clear()
        await asyncio.sleep(0.05)
        assert not called
        assert reader.working.done()
        assert len(reader.ticks) <= len(reader.canvas.timers)
        assert reader.canvas._shown is None
        reader.attach(page)
        reader.take({"type": "ack"})
        await until(lambda: called)

    meet(story)


def test_a_page_that_comes_back_sees_everything_and_holds_no_pen(meet):
    async def story(reader, page):
        reader.take(key("d"))
        pad = (0.029 * 1400 + 100, 0.175 * 800 + 100)
        reader.take(at("button_press", *pad, buttons=1))
        await idle(reader)
        assert reader.scope.mouse.grasped
        index = reader.scope.session.index
        reader.detach()
        assert not reader.scope.mouse.grasped
        again = Page()
        again.reader = reader
        reader.attach(again)
        reader.take({"type": "resize", "width": 1400, "height": 800, "ratio": 1})
        reader.take({"type": "ack"})
        await idle(reader)
        assert again.told[0] == ("reader", None, {"name": "name"})
        assert again.told[1][0] == "title"
        assert again.told[2][2] == {"left": 0, "top": 0, "width": 1400, "height": 800}
        assert reader.scope.session.index == index

    meet(story)


def test_two_pages_of_one_reader_do_not_share_the_window(meet):
    async def story(reader, page):
        other = Page()
        other.reader = reader
        reader.attach(other)
        reader.take({"type": "ack"})
        await idle(reader)
        assert page.ended == 1
        assert reader.connection is other
        (frame,) = (one for one in other.told if one[0] == "frame")
        assert frame[2] == {"left": 0, "top": 0, "width": 1400, "height": 800}

    meet(story)


def test_a_slow_connection_gets_no_frame_before_the_last_one_has_left(meet):
    async def story(reader, page):
        page.sending.add("a frame")
        shown = page.count("frame")
        reader.take(key("Enter"))
        await asyncio.sleep(0.05)
        assert page.count("frame") == shown
        page.sending.clear()
        reader.wake()
        await idle(reader)
        assert page.count("frame") == shown + 1

    meet(story)


class OfThisTestError(RuntimeError):
    """What fails in the tests below."""


def failing(*_):
    raise OfThisTestError


@pytest.mark.parametrize("where", ["a key", "a frame", "a timer", "the beginning"])
def test_a_failure_is_logged_and_ends_its_window_alone(shipped, embedded, caplog, monkeypatch, where):
    async def story():
        readers = Readers(shipped, embedded)
        reader, page = Reader("name", readers), Page()
        page.reader = reader
        if where == "the beginning":
            readers.new_session = failing
        reader.attach(page)
        reader.take({"type": "ack"})
        await until(lambda: readers.failed if where == "the beginning" else page.count("frame"))
        if where == "a key":
            monkeypatch.setattr(reader.scope.commands, "next_digit", failing)
        elif where == "a frame":
            monkeypatch.setattr(reader.canvas.figure, "draw", failing)
        elif where == "a timer":
            reader.canvas.new_timer(1, [(failing, (), {})]).start()
        reader.take(key("Enter"))
        await until(lambda: readers.failed)
        assert set(readers.failed) == {reader}
        reader.close()

    asyncio.run(story())
    records = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert {record.message for record in records} == {"a reader's window failed and is closed"}
    assert records[0].exc_info[0] is OfThisTestError


def test_q_is_told_to_those_who_keep_the_windows(meet):
    async def story(reader, page):
        reader.take(key("q"))
        await idle(reader)
        assert reader.readers.left == [reader]

    meet(story)


def test_what_a_reader_saves_goes_to_the_reader_and_into_no_file(meet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def story(reader, page):
        session = reader.scope.session
        session.look_for_snapshots = lambda: (snapshots_of(session.model, session.dataset, (0, 1)), "")
        stroke = [at(kind, 200, y, buttons=1) for kind, y in zip(
            ("button_press", "motion_notify", "button_release"), (200, 300, 400), strict=True)]
        for count, messages in enumerate(([key("s")], [key("d"), *stroke, key("k"), key("4")],
                                          [key("ArrowLeft"), key("l"), key("Enter"), key("k")],
                                          [key("p"), key("M")]), 1):
            for message in messages:
                reader.take(message)
                await idle(reader)
            await until(lambda count=count: page.count("file") == count)
        files = {one[2]["name"]: bytes(one[1]) for one in page.told if one[0] == "file"}
        assert list(files) == ["neuralscope-digits-7-explore.png", "drawn-4.png", "trained_weights-taught-1.npz",
                               "neuralscope-digits-7-past.gif"]
        sizes = [Image.open(io.BytesIO(content)).size for name, content in files.items() if not name.endswith("npz")]
        assert sizes[0] == sizes[2] == (1400, 800)
        assert "W1" in np.load(io.BytesIO(files["trained_weights-taught-1.npz"]))

    meet(story)
    assert not list(tmp_path.iterdir())


def test_no_file_is_too_large_and_one_waits_at_a_time(meet, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_FILE", 2**20)

    async def story(reader, page):
        assert "larger than 1 MB" in reader.hand_over("film.gif", bytes(2**20 + 1))
        page.sending.add("something")
        assert "downloads" in reader.hand_over("one.png", b"1")
        assert "try again" in reader.hand_over("other.png", b"2")
        page.sending.clear()
        reader.wake()
        await idle(reader)
        assert [one[1] for one in page.told if one[0] == "file"] == [b"1"]
        assert "downloads" in reader.hand_over("other.png", b"2")

    meet(story)
