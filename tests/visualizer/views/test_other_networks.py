"""Any network in every view: it opens, and no key, no cell and no point of it raises or says what is no number."""

import re
from itertools import product

import pytest

from neuralscope.visualizer.input.keys import active_bindings
from neuralscope.visualizer.input.results import Focus
from neuralscope.visualizer.views import VIEWS
from tests.helpers.networks import snapshots_of
from tests.helpers.other_networks import OTHER_NETWORKS

NOT_A_NUMBER = re.compile(r"\bnan\b|\binf\b")
LEAVING_KEYS = {"q", "f11", "s"}  # what leaves the window, or writes a file
TRAINING_KEYS = {" ", "j", "J", "r", "k", "u"}  # of train and fine-tuning: tests of their own run trainings


def told(window):
    """Return what the readout says."""
    return window.readout.line.text


def walk(window, press):
    """Stand the cursor in every panel and move it about; return what is said."""
    said = []
    for part in window.view.parts():
        grid = part.grid(window.session)
        if not grid:
            continue
        window.apply(Focus(part))
        said.append(told(window))
        for key in ("right", "down", "left", "up", "home"):
            press(window, key)
            said.append(told(window))
        rows, columns = grid
        for row, column in {(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)}:
            with window.session.arithmetic():
                described = part.describe(window.session, row, column)
            said.append(" ".join(run.text for run in described[0]) if described else "")
    return said


def point_everywhere(window, mouse):
    """Move the mouse over a grid of points; return what is said."""
    said = []
    width, height = window.figure.get_size_inches() * 100
    for x, y in product(range(20, int(width), int(width) // 18), range(20, int(height), int(height) // 12)):
        mouse(window, x, y)
        said.append(told(window))
    return said


def press_all(window, press):
    """Press each key of the view and the window's that do not leave; return what is said."""
    said, view = [], window.view
    for binding in active_bindings([view.bindings]):
        for key in binding.keys:
            if not (view.shows_training and key in TRAINING_KEYS):
                press(window, key)
                said.append(told(window))
                press(window, "escape")
    for key in ("enter", "backspace", "f", "1", "v", "0", "]", "[", "x", "X", "a", "c", "?", "escape"):
        press(window, key)
        said.append(told(window))
    return said


@pytest.mark.parametrize("key", [view.key for view in VIEWS])
@pytest.mark.parametrize("name", OTHER_NETWORKS)
def test_a_view_lives_with_any_network(open_window, shipped, embedded, press, mouse, name, key):
    model, dataset = OTHER_NETWORKS[name](shipped, embedded)
    window = open_window(model, dataset, view=key, size=(1000, 640), snapshots=lambda *_: snapshots_of(model, dataset))
    window.run_to_end()
    window.figure.canvas.draw()
    said = walk(window, press) + point_everywhere(window, mouse) + press_all(window, press)
    assert len(set(said)) > 1
    assert not [words for words in said if NOT_A_NUMBER.search(words)]
