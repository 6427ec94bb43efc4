"""A reader's window: whose turn it is, what waits for the page, and what a failure ends."""

import asyncio
import io
import logging

import numpy as np
import pytest
from PIL import Image

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server import pixel_ratio
from neuralscope.visualizer.server import remote_window as module
from neuralscope.visualizer.server.remote_window import RemoteWindow
from neuralscope.visualizer.session.session import Session
from tests.helpers.networks import snapshots_of
from tests.helpers.page_client import POINTER_AT_REST


class Page:
    """Stands in for a connection: keeps what it is told, and shows every frame unless it is hidden."""

    def __init__(self, hidden=False):
        self.sent_events, self.pending_sends, self.window, self.hidden, self.ended = [], set(), None, hidden, 0

    def send_event(self, kind, content=None, **properties):
        self.sent_events.append((kind, content, properties))
        if kind == "frame" and not self.hidden:
            asyncio.get_running_loop().call_soon(self.window.receive, {"type": "ack"})

    def end_taken_over(self):
        self.ended += 1

    def count(self, kind):
        return sum(one[0] == kind for one in self.sent_events)


class Registry:
    """Stands in for all readers."""

    theme, view = THEMES["dark"], None

    def __init__(self, shipped, embedded, analysis=None):
        self.failed, self.left = [], []
        self.new_session = lambda: Session(shipped, embedded, np.random.default_rng(1), 7, analysis)

    def fail(self, window):
        self.failed.append(window)

    def quit(self, window):
        self.left.append(window)


@pytest.fixture
def meet(shipped, embedded, studied):
    """Return a function that runs ``story(window, page)`` with a window that is shown to a page."""
    def meet(story, **options):
        async def main():
            window, page = RemoteWindow("name", Registry(shipped, embedded, studied)), Page(**options)
            page.window = window
            window.attach(page)
            window.receive({"type": "ack"})
            await idle(window)
            try:
                await story(window, page)
            finally:
                window.close()

        asyncio.run(main())

    return meet


async def until(done):
    """Wait until ``done()``."""
    for _ in range(6000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited 60 seconds in vain")


async def idle(window):
    """Wait until the reader's window has nothing to do, but for its timers."""
    while (
        window.waiting_messages
        or not (window.work_task and window.work_task.done())
        or (window.frame_requested and window.page_ready)
    ):
        await asyncio.sleep(0.005)


def key(name, repeat=False, shift=False):
    return {"type": "key_press", "key": name, "shift": shift, "repeat": repeat}


def at(kind, x, y, buttons=0):
    return {"type": kind, **POINTER_AT_REST, "x": x, "y": y, "buttons": buttons}


def test_what_waits_is_done_in_order_and_shown_in_one_frame(meet):
    async def story(window, page):
        done, shown = [], page.count("frame")
        window._handle_message = lambda message: (done.append(message["key"]), window.request_frame())
        for name in "abcd":
            assert window.receive(key(name))
        await idle(window)
        assert done == list("abcd")
        assert page.count("frame") - shown <= 1

    meet(story)


@pytest.mark.parametrize(("buttons", "kept"), [(0, 1), (1, module.MAX_WAITING_MOVES)])
def test_moves_that_wait_are_few_and_the_last_one_is_among_them(meet, buttons, kept):
    async def story(window, page):
        for x in range(50):
            window.receive(at("motion_notify", x, 1, buttons))
        assert [message["x"] for message in window.waiting_messages] == [*range(kept - 1), 49]
        window.receive(at("button_release", 50, 1))
        window.receive(at("motion_notify", 51, 1))
        assert len(window.waiting_messages) == kept + 2  # a release parts what came before from what comes after
        await idle(window)

    meet(story)


def test_of_sizes_that_wait_the_last_one_counts(meet):
    async def story(window, page):
        for width in (700, 800, 900):
            window.receive({"type": "resize", "width": width, "height": 600, "ratio": 1.5})
        assert len(window.waiting_messages) == 1
        await idle(window)
        sizes = {(one[2]["width"], one[2]["height"]) for one in page.sent_events if one[0] == "frame"}
        assert sizes <= {(1400, 800), (1350, 900)}
        assert (1350, 900) in sizes

    meet(story)


def test_slow_frames_have_fewer_pixels_and_what_is_pointed_at_stays_so(meet, monkeypatch):
    def sizes(page):
        return [(one[2]["width"], one[2]["height"]) for one in page.sent_events if one[0] == "frame"]

    async def story(window, page):
        monkeypatch.setattr(pixel_ratio, "SLOW_FRAME_S", 0)
        window.receive({"type": "resize", "width": 1400, "height": 800, "ratio": 1})
        for _ in range(12):
            window.receive(key("Enter"))
            await idle(window)
        assert sizes(page)[-1] == pytest.approx((490, 280), abs=1)  # Matplotlib's versions round in two ways
        seen = []
        window.canvas.mpl_connect("button_press_event", lambda event: seen.append((event.x, event.y)))
        window.receive(at("button_press", 245, 140))
        await idle(window)
        assert seen == [(245, 140)]
        monkeypatch.setattr(pixel_ratio, "SLOW_FRAME_S", 10)
        monkeypatch.setattr(pixel_ratio, "CHEAP_FRAME_S", 10)
        page.hidden = True  # the page is told of larger frames, and shows the small one still
        window.pixel_ratio._level = 0
        window._resize()
        window.receive(at("button_press", 245, 140))
        await idle(window)
        assert seen[1] == pytest.approx((700, 400))
        page.hidden = False
        window.receive({"type": "ack"})
        await idle(window)
        assert sizes(page)[-1] == (1400, 800)

    meet(story)


def test_a_key_that_is_held_repeats_and_never_falls_behind(meet):
    async def story(window, page):
        seen = len(window.main_window.session.digit_history.visited)
        window.receive(key("Enter"))
        for _ in range(30):
            window.receive(key("Enter", repeat=True))
        assert len(window.waiting_messages) == 1
        await idle(window)
        window.receive(key("Enter", repeat=True))
        await idle(window)
        assert len(window.main_window.session.digit_history.visited) == seen + 2

    meet(story)


def test_a_page_that_says_too_much_is_told_so(meet):
    async def story(window, page):
        assert all(window.receive(key("c")) for _ in range(module.MAX_WAITING_MESSAGES))
        assert not window.receive(key("c"))

    meet(story)


def test_a_page_that_nobody_sees_gets_one_frame_and_its_timers_stand_still(meet):
    async def story(window, page):
        called = []
        timer = window.canvas.new_timer(1, [(called.append, (1,), {})])
        timer.start()
        for name in ("Enter", "Enter", "c", "e"):
            window.receive(key(name))
            await asyncio.sleep(0.02)
        assert page.count("frame") == 1
        assert not called
        window.receive({"type": "ack"})
        await until(lambda: page.count("frame") > 1)
        await idle(window)
        assert page.count("frame") == 2

    meet(story, hidden=True)


def test_a_window_that_nobody_is_connected_to_costs_nothing(meet):
    async def story(window, page):
        called = []
        timer = window.canvas.new_timer(1, [(called.append, (1,), {})])
        timer.start()
        await until(lambda: called)
        window.detach()
        called.clear()
        await asyncio.sleep(0.05)
        assert not called
        assert window.work_task.done()
        assert len(window.due_ticks) <= len(window.canvas.timers)
        assert window.canvas._last_checksums is None
        window.attach(page)
        window.receive({"type": "ack"})
        await until(lambda: called)

    meet(story)


def test_a_page_that_comes_back_sees_everything_and_holds_no_pen(meet):
    async def story(window, page):
        window.receive(key("d"))
        pad = (0.029 * 1400 + 100, 0.175 * 800 + 100)
        window.receive(at("button_press", *pad, buttons=1))
        await idle(window)
        assert window.main_window.mouse.dragged
        index = window.main_window.session.index
        window.detach()
        assert not window.main_window.mouse.dragged
        again = Page()
        again.window = window
        window.attach(again)
        window.receive({"type": "resize", "width": 1400, "height": 800, "ratio": 1})
        window.receive({"type": "ack"})
        await idle(window)
        assert again.sent_events[0] == ("reader", None, {"name": "name"})
        assert [kind for kind, *_ in again.sent_events[1:4]] == ["title", "texts", "frame"]
        assert again.sent_events[3][2] == {"left": 0, "top": 0, "width": 1400, "height": 800}
        assert window.main_window.session.index == index

    meet(story)


def test_two_pages_of_one_reader_do_not_share_the_window(meet):
    async def story(window, page):
        other = Page()
        other.window = window
        window.attach(other)
        window.receive({"type": "ack"})
        await idle(window)
        assert page.ended == 1
        assert window.connection is other
        (frame,) = (one for one in other.sent_events if one[0] == "frame")
        assert frame[2] == {"left": 0, "top": 0, "width": 1400, "height": 800}

    meet(story)


def test_a_slow_connection_gets_no_frame_before_the_last_one_has_left(meet):
    async def story(window, page):
        page.pending_sends.add("a frame")
        shown = page.count("frame")
        window.receive(key("Enter"))
        await asyncio.sleep(0.05)
        assert page.count("frame") == shown
        page.pending_sends.clear()
        window.schedule_work()
        await idle(window)
        assert page.count("frame") == shown + 1

    meet(story)


class OfThisTestError(RuntimeError):
    """What fails in the tests below."""


def failing(*_):
    raise OfThisTestError


@pytest.mark.parametrize("where", ["a key", "a frame", "a timer", "the beginning"])
def test_a_failure_is_logged_and_ends_its_window_alone(shipped, embedded, caplog, monkeypatch, where):
    async def story():
        registry = Registry(shipped, embedded)
        window, page = RemoteWindow("name", registry), Page()
        page.window = window
        if where == "the beginning":
            registry.new_session = failing
        window.attach(page)
        window.receive({"type": "ack"})
        await until(lambda: registry.failed if where == "the beginning" else page.count("frame"))
        if where == "a key":
            monkeypatch.setattr(window.main_window.commands, "next_digit", failing)
        elif where == "a frame":
            monkeypatch.setattr(window.canvas.figure, "draw", failing)
        elif where == "a timer":
            window.canvas.new_timer(1, [(failing, (), {})]).start()
        window.receive(key("Enter"))
        await until(lambda: registry.failed)
        assert set(registry.failed) == {window}
        window.close()

    asyncio.run(story())
    records = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert {record.message for record in records} == {"a reader's window failed and is closed"}
    assert records[0].exc_info[0] is OfThisTestError


def test_q_is_told_to_those_who_keep_the_windows(meet):
    async def story(window, page):
        window.receive(key("q"))
        await idle(window)
        assert window.registry.left == [window]

    meet(story)


def test_what_a_reader_saves_goes_to_the_reader_and_into_no_file(meet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def story(window, page):
        session = window.main_window.session
        session.snapshot_choice.look_for_snapshots = lambda: (snapshots_of(session.model, session.dataset, (0, 1)), "")
        stroke = [at(kind, 200, y, buttons=1) for kind, y in zip(
            ("button_press", "motion_notify", "button_release"), (200, 300, 400), strict=True)]
        for count, messages in enumerate(([key("s")], [key("d"), *stroke, key("k"), key("4")],
                                          [key("ArrowLeft"), key("l"), key("Enter"), key("k")],
                                          [key("p"), key("M")]), 1):
            for message in messages:
                window.receive(message)
                await idle(window)
            await until(lambda count=count: page.count("file") == count)
        files = {one[2]["name"]: bytes(one[1]) for one in page.sent_events if one[0] == "file"}
        assert list(files) == ["neuralscope-digits-7-explore.png", "drawn-4.png", "trained_weights-taught-1.npz",
                               "neuralscope-digits-7-past.gif"]
        sizes = [Image.open(io.BytesIO(content)).size for name, content in files.items() if not name.endswith("npz")]
        assert sizes[0] == sizes[2] == (1400, 800)
        assert "W1" in np.load(io.BytesIO(files["trained_weights-taught-1.npz"]))

    meet(story)
    assert not list(tmp_path.iterdir())


def test_no_file_is_too_large_and_one_waits_at_a_time(meet, monkeypatch):
    monkeypatch.setattr(module, "MAX_DOWNLOAD_BYTES", 2**20)

    async def story(window, page):
        assert "larger than 1 MB" in window.download("film.gif", bytes(2**20 + 1))
        page.pending_sends.add("something")
        assert "downloads" in window.download("one.png", b"1")
        assert "try again" in window.download("other.png", b"2")
        page.pending_sends.clear()
        window.schedule_work()
        await idle(window)
        assert [one[1] for one in page.sent_events if one[0] == "file"] == [b"1"]
        assert "downloads" in window.download("other.png", b"2")

    meet(story)
