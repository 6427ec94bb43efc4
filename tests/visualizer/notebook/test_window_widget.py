"""The widget over a comm without a browser: what its view says is answered, and what ends it."""

import asyncio
import base64
import gc
import io
import json
import random
import sys
import threading
import weakref
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from neuralscope.errors import InputError
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.live import launcher
from neuralscope.visualizer.live.process_client import RemoteTraining
from neuralscope.visualizer.notebook import cell_window, cells, in_notebook, make_widget
from neuralscope.visualizer.session.session import Session
from tests.helpers.environment import need
from tests.helpers.page_client import POINTER_AT_REST

TIMEOUT_S = 60
OPEN = {"type": "open"}
SIZE = {"type": "resize", "width": 800, "height": 500, "ratio": 1}
ACK = {"type": "ack"}


class FakeComm:
    """Stands in for the comm of a widget: keeps what goes to the browser."""

    def __init__(self, **opened):
        self.comm_id, self.opened, self.sent, self.closed, self.on_message = "id", opened, [], False, None

    def on_msg(self, handler):
        self.on_message = handler

    def send(self, data, buffers=None, **more):
        if data["method"] == "custom":
            self.sent.append((data["content"], buffers))

    def close(self, *arguments, **more):
        self.closed = True


class View:
    """A view of a widget: says what the script would, and shows every frame."""

    def __init__(self, widget, name="one"):
        self.widget, self.name, self.seen = widget, name, 0
        self.say(OPEN)
        self.say(SIZE)
        self.say(ACK)

    def say(self, message):
        content = json.loads(json.dumps({"view": self.name, "message": message}))
        data = {"method": "custom", "content": content}
        self.widget.comm.on_message({"content": {"data": data}, "buffers": []})

    def press(self, key):
        self.say({"type": "key_press", "key": key, "shift": False, "repeat": False})

    def events(self, kind):
        return [one for one in self.widget.comm.sent if one[0]["type"] == kind and one[0].get("to", self.name)
                == self.name]

    async def frame(self):
        """Wait for the next frame and return it with its pixels."""
        await until(lambda: len(self.events("frame")) > self.seen)
        event, (content,) = self.events("frame")[self.seen]
        self.seen += 1
        self.say(ACK)
        return event, np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))

    async def text(self, words):
        """Show frames until the window says these words."""
        def said():
            return any(words in str(event) for event, _ in self.events("texts"))

        while not said():
            await until(lambda: said() or len(self.events("frame")) > self.seen)
            if len(self.events("frame")) > self.seen:
                await self.frame()


async def until(look):
    async def wait():
        while not look():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(wait(), TIMEOUT_S)


@pytest.fixture
def run(monkeypatch, shipped, embedded, studied):
    """Return a function that runs ``story(make)`` in a loop, as a cell does; ``make(**options)`` makes a widget."""
    need("anywidget", "notebook")
    import comm

    monkeypatch.setattr(comm, "create_comm", FakeComm)

    def run(story, dataset=embedded):
        def new_session():
            return Session(shipped, dataset, np.random.default_rng(1), 7, studied)

        made = []

        async def main():
            def make(**options):
                made.append(make_widget(new_session, THEMES["dark"], **options))
                return made[-1]

            try:
                await story(make)
            finally:
                for widget in made:
                    widget.close()
                await asyncio.sleep(0)

        asyncio.run(main())

    return run


def test_a_key_changes_pixels(run):
    async def story(make):
        view = View(make())
        first, pixels = await view.frame()
        assert first == {"to": "one", "type": "frame", "left": 0, "top": 0, "width": 800, "height": 500}
        assert pixels.shape == (500, 800, 3)
        await view.text("test digit 7 of 297")
        view.press("n")
        await view.text("hidden layer")

    run(story)


def test_the_mouse_points_and_clicks_and_the_next_move_waits_for_an_answer(run):
    async def story(make):
        view = View(make())
        await view.frame()
        window = view.widget.cell_window.remote_window.main_window
        left, bottom, width, height = next(name for name in window.tab_bar.names if name.text == "why").bounds()
        scale = 800 / window.surface.width
        x, y = (left + width / 2) * scale, 500 - (bottom + height / 2) * scale
        view.say({"type": "motion_notify", **POINTER_AT_REST, "x": x, "y": y})
        await until(lambda: view.events("moved"))
        view.say({"type": "button_press", **POINTER_AT_REST, "x": x, "y": y, "buttons": 1})
        await until(lambda: window.view.title == "why")

    run(story)


def test_a_size_of_the_cell_is_the_window_s(run):
    async def story(make):
        view = View(make())
        await view.frame()
        view.say({"type": "resize", "width": 900, "height": 600, "ratio": 2})
        await until(lambda: view.events("frame")[-1][0]["width"] == 1800 or view.say(ACK))

    run(story)


def test_two_windows_do_not_hear_each_other_and_each_has_its_theme_and_bounds(run):
    async def story(make):
        one, other = View(make()), View(make(max_width=700, view="n"))
        for view in (one, other):
            await view.frame()
        one.press("w")
        await one.text("'why'")
        assert other.widget.cell_window.remote_window.main_window.view.title == "neuron"
        assert one.widget.colors["background"] == THEMES["dark"].background
        assert "max-width" not in one.widget.shape
        assert other.widget.shape["max-width"] == "700px"

    run(story)
    with pytest.raises(InputError, match="320 pixels or more"):
        make_widget(None, THEMES["dark"], max_width=100)


def test_a_second_view_takes_the_window_over_and_the_first_can_have_it_back(run):
    async def story(make):
        one = View(make())
        await one.frame()
        other = View(one.widget, "other")
        await other.frame()
        assert one.events("ended")[-1][0]["returns"]
        one.press("w")  # which it cannot know yet
        other.press("n")
        await other.text("hidden layer")
        assert one.widget.cell_window.remote_window.main_window.view_history == ["e"]
        other.say({"type": "leave"})
        await until(lambda: one.events("free"))
        one.say(OPEN)
        one.say(ACK)
        await one.frame()
        assert one.widget.cell_window.remote_window.connection.view == "one"

    run(story)


def test_a_window_that_no_cell_shows_ends_after_a_while_and_a_view_that_comes_back_keeps_it(run, monkeypatch):
    monkeypatch.setattr(cell_window, "RETURN_TIMEOUT_S", 0.05)

    async def story(make):
        view = View(make())
        await view.frame()
        view.say({"type": "leave"})
        view.say(OPEN)
        await asyncio.sleep(0.1)
        assert view.widget.cell_window.remote_window
        view.say({"type": "leave"})
        comm = view.widget.comm
        await until(lambda: comm.closed)
        assert view.widget.cell_window.remote_window is None

    run(story)


@pytest.mark.parametrize("own_process", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_an_ended_window_leaves_no_thread_timer_or_memory(run, embedded, tmp_path, monkeypatch, own_process):
    monkeypatch.chdir(tmp_path)
    dataset = embedded if own_process else replace(embedded, reload=None)
    threads, ending = set(threading.enumerate()), []

    def shut_down(session):
        ending.append(threading.current_thread())
        return launcher.shut_down(session)

    monkeypatch.setattr(cell_window, "shut_down", shut_down)

    async def story(make):
        view = View(make())
        await view.frame()
        window = view.widget.cell_window.remote_window
        assert (window.main_window.session.training_setup.make_training is RemoteTraining) is own_process
        view.press("t")
        view.press(" ")
        await view.text("of test digits right")
        watched, timers = weakref.ref(window.main_window.session), list(window.canvas.timers)
        view.widget.close()
        window = None
        await until(lambda: view.widget.cell_window.remote_window is None)
        assert not any(timer._handle for timer in timers)
        del timers
        # garbage collection, which comes a few seconds later by itself, ends what prepares batches
        await until(lambda: gc.collect() is None or not (watched() or set(threading.enumerate()) - threads))

    run(story, dataset)
    assert [thread.name for thread in ending] == ["shutdown"]  # for a step and a file hold nobody up
    assert (tmp_path / "my-training.checkpoint.npz").exists()


@pytest.mark.parametrize(("action", "words"), [("quit", "has ended"), ("fail", "failed")])
def test_the_view_is_told_how_the_window_ended_also_one_that_opens_later(run, caplog, action, words):
    async def story(make):
        view = View(make())
        await view.frame()
        if action == "fail":
            view.widget.cell_window.remote_window.main_window.commands.next_digit = None
        view.press("q" if action == "quit" else "Enter")
        await until(lambda: view.events("ended"))
        assert words in view.events("ended")[0][0]["words"]
        await until(lambda: view.widget.cell_window.remote_window is None)
        later = View(view.widget, "later")
        await until(lambda: later.events("ended"))
        assert words in later.events("ended")[0][0]["words"]

    run(story)


def test_what_is_saved_goes_to_the_current_folder(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def story(make):
        view = View(make())
        await view.frame()
        view.press("s")
        await view.text("saved ")

    run(story)
    assert (tmp_path / "neuralscope-digits-7-explore.png").exists()


def test_what_is_everybody_s_in_the_kernel_stays_as_it_was(run):
    import matplotlib
    from threadpoolctl import threadpool_info, threadpool_limits

    def common():
        threads = [(one["filepath"], one["num_threads"]) for one in threadpool_info()]
        return threads, dict(matplotlib.rcParams), np.random.get_state()[1].tolist(), random.getstate()

    async def story(make):
        view = View(make())
        for key in "ewnmdtpblho":
            view.press(key)
        await view.text("network")

    with threadpool_limits(2):
        before = common()
        run(story)
        assert common() == before


def test_a_saved_notebook_has_a_still(run):
    async def story(make):
        data, _ = make()._repr_mimebundle_()
        still = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        assert still.size == (1400, 800)
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
        assert len(data["image/png"]) < 200_000

    run(story)


def test_a_cell_that_runs_again_ends_what_it_showed(run, monkeypatch):
    class Kernel:
        cell = "first"

        def get_parent(self):
            return {"metadata": {"cellId": self.cell}}

    class Shell:
        kernel, handlers = Kernel(), []

        @property
        def events(self):
            return self

        def register(self, name, handler):
            assert name == "pre_run_cell"
            self.handlers.append(handler)

    class Info:
        cell_id = "first"

    shell = Shell()
    monkeypatch.setattr(cells, "current_shell", lambda: shell)

    async def story(make):
        one, two = make(), make()
        shell.kernel.cell = "second"
        other = make()
        (handler,) = shell.handlers
        handler(Info)
        await asyncio.sleep(0)
        assert [widget.cell_window.remote_window is None for widget in (one, two, other)] == [True, True, False]

    run(story)
    assert not cells._widgets


def test_without_a_loop_or_anywidget_it_is_said_in_words(monkeypatch):
    assert not in_notebook()
    need("anywidget", "notebook")
    with pytest.raises(InputError, match="show it from a cell"):
        make_widget(None, THEMES["dark"])
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(InputError, match=r"pip install 'neuralscope\[notebook\]'"):
        make_widget(None, THEMES["dark"])


def test_the_script_has_the_page_s_own_text(run):
    from neuralscope.visualizer.notebook.window_widget import WindowWidget
    from neuralscope.visualizer.server.static_files import read_static

    assert read_static("canvas.js") + read_static("live.js") in WindowWidget._esm
    assert "import " not in WindowWidget._esm
