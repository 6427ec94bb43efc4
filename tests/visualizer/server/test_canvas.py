"""A reader's canvas: what changed goes out as a picture, timers wait for their turn, and a renderer is shared."""

import asyncio
import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from neuralscope.visualizer.server.canvas import WindowCanvas, checksums, encode_png
from tests.helpers.http_client import until


class Window:
    """Stands in for a reader: counts what is asked of it."""

    def __init__(self):
        self.frame_requests, self.due_ticks = 0, []

    def request_frame(self):
        self.frame_requests += 1

    def queue_tick(self, tick):
        self.due_ticks.append(tick)


def canvas_of(size=(400, 300)):
    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100, facecolor="#102030")
    return WindowCanvas(figure, Window())


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (301, 2)])
def test_a_picture_is_what_a_png_reader_reads(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 4), np.uint8)
    with Image.open(io.BytesIO(encode_png(pixels[::-1]))) as read:  # also where it does not lie together
        read.load()
        assert read.format == "PNG"
        assert read.mode == "RGBA"
        np.testing.assert_array_equal(read, pixels[::-1])


def test_a_frame_is_what_changed():
    canvas = canvas_of()
    assert canvas.callbacks.exception_handler is None  # what fails comes out
    left, top, pixels = canvas.draw_changes()
    assert (left, top, pixels.shape) == (0, 0, (300, 400, 4))
    assert canvas.draw_changes() is None
    patch = canvas.figure.add_artist(Rectangle((0.25, 0.5), 0.1, 0.2, transform=None, color="red", linewidth=0,
                                               antialiased=False))
    patch.set_bounds(100, 150, 40, 60)  # from below
    left, top, pixels = canvas.draw_changes()
    assert (left, top, pixels.shape) == (100, 90, (60, 40, 4))
    assert (pixels == (255, 0, 0, 255)).all()
    patch.remove()
    assert canvas.draw_changes()[2].shape == (60, 40, 4)
    canvas.forget_last_frame()
    assert canvas.draw_changes()[2].shape == (300, 400, 4)


def test_another_size_is_a_whole_frame():
    canvas = canvas_of()
    canvas.draw_changes()
    canvas.handle_set_device_pixel_ratio({"device_pixel_ratio": 1.5})
    canvas.handle_resize({"width": 500, "height": 200})
    assert canvas.draw_changes()[2].shape == (300, 750, 4)
    assert canvas.remote_window.frame_requests


def test_canvases_of_a_size_share_a_renderer_and_keep_their_pictures_apart():
    one, other = canvas_of(), canvas_of()
    one.draw_changes()
    other.figure.set_facecolor("white")
    assert (other.draw_changes()[2] == 255).all()
    assert one.get_renderer() is other.get_renderer()
    assert one.draw_changes() is None
    assert other.draw_changes() is None


def test_a_timer_waits_for_its_turn_and_stops():
    async def story():
        canvas, called = canvas_of(), []
        timer = canvas.new_timer(1, [(called.append, (1,), {})])
        timer.start()
        await until(lambda: canvas.remote_window.due_ticks)
        (tick,) = canvas.remote_window.due_ticks  # one at a time, however long it waits
        assert not called
        canvas.remote_window.due_ticks.clear()
        tick()
        assert called == [1]
        await until(lambda: canvas.remote_window.due_ticks)
        (tick,) = canvas.remote_window.due_ticks
        timer.stop()
        tick()  # it was due when it was stopped
        await asyncio.sleep(0.05)
        assert called == [1]
        assert canvas.remote_window.due_ticks == [tick]
        assert set(canvas.timers) == {timer}

    asyncio.run(story())


def test_a_timer_that_changes_its_own_pace_or_shoots_once():
    async def story():
        canvas, called = canvas_of(), []
        timer = canvas.new_timer(1)
        timer.add_callback(lambda: (called.append(1), setattr(timer, "interval", 10_000)))
        timer.start()
        once = canvas.new_timer(1, [(called.append, (2,), {})])
        once.single_shot = True
        once.start()
        await until(lambda: len(canvas.remote_window.due_ticks) == 2)
        while canvas.remote_window.due_ticks:
            canvas.remote_window.due_ticks.pop()()
        await asyncio.sleep(0.05)
        assert sorted(called) == [1, 2]
        assert not canvas.remote_window.due_ticks

    asyncio.run(story())


@pytest.mark.parametrize("place", [(0, 0, 0), (5, 7, 3), (31, 46, 1)])
def test_the_smallest_change_of_a_pixel_is_seen_where_it_is(place):
    pixels = np.random.default_rng(1).integers(0, 256, (32, 47, 4), np.uint8)
    other = pixels.copy()
    other[place] ^= 128
    changed = [np.flatnonzero(one != two) for one, two in zip(checksums(pixels), checksums(other), strict=True)]
    assert [list(one) for one in changed] == [[place[0]], [place[1]]]
