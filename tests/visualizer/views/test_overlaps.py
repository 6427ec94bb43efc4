"""Nothing overlaps, nothing is cut: every line of text and every picture, at every size, in both themes."""

from functools import partial
from itertools import combinations

import numpy as np
import pytest

from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views import VIEWS
from tests.helpers.networks import model_of, snapshots_of
from tests.helpers.views import SIZES, check_layout, overlaps


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("dpi", [100, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.title)
def test_the_views(lay_out, press, studied, view, size, dpi):
    window = lay_out(size=size, dpi=dpi, analysis=studied)
    for keys in (["f"], ["f"], [view.key], ["f"], ["7"], ["v", "1"], ["v", "v"], ["x"], ["tab"], ["c"], ["enter"]):
        press(window, *keys)
        check_layout(window, size)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("hidden", [(), (1,), (37,), (128, 64), (64, 37, 16), (30, 30, 30, 30), (2048, 512)])
def test_networks_of_every_kind(lay_out, press, shipped, size, hidden):
    window = lay_out(model_of(shipped, *hidden), size=size, snapshots=partial(snapshots_of, epochs=(0, 1, 5)))
    for view in VIEWS:
        press(window, view.key)
        check_layout(window, size)
        press(window, "[")
        check_layout(window, size)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("hidden", [(37,), (64, 37, 16), (30, 30, 30, 30)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_functions_of_every_kind(lay_out, press, shipped, size, hidden, activation):
    window = lay_out(model_of(shipped, *hidden, activation=activation, head="sigmoid"), size=size)
    for view in VIEWS:
        press(window, view.key)
        check_layout(window, size)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("head", HEADS)
def test_classes_with_long_names(lay_out, press, embedded, shipped, size, head):
    from dataclasses import replace

    names = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
    window = lay_out(model_of(shipped, 64, head=head), dataset=replace(embedded, class_names=names), size=size)
    assert window.view.outputs.length >= 60
    for view in VIEWS:
        press(window, view.key)
        check_layout(window, size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_long_messages_stay_inside(open_window, size):
    window = open_window(size=size)
    window.message = "saved /home/somebody" + "/with/a/folder/in/a/folder" * 12 + "/neuralscope-digits-7.png"
    window.refresh()
    check_layout(window, size)
    assert window.readout.line.text.startswith("saved /home")
    assert window.readout.line.text.endswith("7.png")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_the_list_of_keys(open_window, press, size):
    window = open_window(size=size)
    window.run_to_end()
    press(window, "?")
    left, bottom, width, height = window.overlay.box
    lines = [artist for artist in window.overlay.artists if isinstance(artist, Line)]
    for line in lines:
        x, y, across, up = line.bounds()
        assert left <= x, line.text
        assert x + across <= left + width, line.text
        assert bottom <= y, line.text
        assert y + up <= bottom + height, line.text
    boxes = [(line.text, x, y + 2, x + w, y + h - 2) for line in lines for x, y, w, h in [line.bounds()]]
    assert not [(one[0], other[0]) for one, other in combinations(boxes, 2) if overlaps(one, other)]


def test_type_never_falls_below_the_smallest_size(open_window):
    window = open_window(size=(900, 600))
    sizes = [run.size for artist in window.figure.artists if isinstance(artist, Line) for run in artist.runs()]
    assert min(sizes) >= 8.5


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_frame_has_the_ground_of_its_theme_and_ink_on_it(open_window, theme):
    window = open_window(theme=theme)
    window.figure.canvas.draw()
    pixels = np.asarray(window.figure.canvas.buffer_rgba())
    ground = window.surface.theme.background
    assert "#{:02x}{:02x}{:02x}".format(*tuple(pixels[2, 2, :3])) == ground
    assert len(np.unique(pixels.reshape(-1, 4), axis=0)) > 100
