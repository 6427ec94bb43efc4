"""A window looked at as a person does: its numbers read, its points found, its layout checked."""

import math  # noqa: F401  # the formulas that are evaluated name it
import re

import numpy as np
import pytest
from matplotlib.backend_bases import ResizeEvent

from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.text import Line

SLOW = pytest.mark.slow
SIZES = [(900, 600), pytest.param((1024, 768), marks=SLOW), pytest.param((1200, 700), marks=SLOW), (1400, 800),
         pytest.param((1600, 900), marks=SLOW), (1920, 1080), (1000, 1400)]


def half_of(ones, others):
    """Return all pairs as the parameters of a test that is quick for half of them, in which each one is."""
    return [pytest.param(one, other, marks=[SLOW] * ((place + number) % 2))
            for place, one in enumerate(ones) for number, other in enumerate(others)]


def every_third(values):
    """Return the parameters of a test that is quick for every third of them alone."""
    return [pytest.param(value, marks=[SLOW] * bool(place % 3)) for place, value in enumerate(values)]


KINDS = pytest.mark.parametrize(("activation", "head"), half_of(ACTIVATIONS, HEADS))


def figure(text):
    """Return the number that a text says."""
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def figures(line):
    """Return the numbers and signs of a line, without its words."""
    return " ".join(run.text for run in line.runs() if run.mono)


def result(line):
    """Return what comes out of a line: what is bold."""
    return next(run.text for run in line.runs() if run.bold)


def check_formula(figures):
    """Assert that a formula comes out as printed: ``3 × 0.2 = 0.6``, ``1 / (1 + e^9.00) < 0.001``."""
    formula, relation, result = re.fullmatch(r"(.+) ([=<>]) (\S+)(?: %)?", figures.replace("−", "-")).groups()
    formula = re.sub(r"e\^(-?[\d.]+)", r"math.exp(\1)", formula).replace("×", "*")
    formula = formula.replace("tanh", "math.tanh").replace("log(", "math.log(")
    value = eval(formula) * (100 if figures.endswith("%") else 1)
    if relation == "=":
        decimals = len(result.partition(".")[2])
        assert abs(value - float(result)) <= 0.5 * 10**-decimals + 1e-6, figures  # what is printed is rounded float32
    else:
        assert (value < float(result)) == (relation == "<"), figures


def middle(bounds):
    left, bottom, width, height = bounds
    return left + width / 2, bottom + height / 2


def cell_centre(part, session, spot, ring):
    """Return a point at which the mouse finds a spot of a panel, or None: in the ring around it, else on a grid."""
    figure = part.surface
    if ring:
        point = ring[0] + ring[2] / 2, ring[1] + ring[3] / 2
        return point if part.cell_at(session, *point) == spot else None
    for y in range(60, int(figure.height) - 60, 5):
        for x in range(10, int(figure.width), 5):
            if part.cell_at(session, x, y) == spot:
                return x + 0.5, y + 0.5
    return None


def click_field(window, mouse, fields, name, column=1):
    row = [field.name for field in fields.fields].index(name)
    mouse(window, *middle(fields.bounds(row, column)), click=True)


def resize(window, width, height):
    """Resize the figure as a toolkit does."""
    window.figure.set_size_inches(width / 100, height / 100, forward=False)
    ResizeEvent("resize_event", window.figure.canvas)._process()


def tick(timer):
    """Let a timer do what it does when it is time."""
    for function, arguments, options in timer.callbacks:
        function(*arguments, **options)


def parts(window):
    """Return ``(what, left, bottom, right, top)`` of everything that is shown and should stand free."""
    found = []
    for artist in window.figure.artists:
        if not artist.get_visible():
            continue
        if isinstance(artist, Line) and artist.text:
            left, bottom, width, height = artist.bounds()
            what = "inlaid" if artist.inlaid else artist.text
            found.append((what, left, bottom + 0.12 * height, left + width, bottom + 0.9 * height))
        elif isinstance(artist, Heatmap):
            left, bottom, width, height = artist.bounds()
            found.append(("picture", left, bottom, left + width, bottom + height))
    return found


def overlaps(one, other):
    return one[1] < other[3] - 0.5 and other[1] < one[3] - 0.5 and one[2] < other[4] - 0.5 and other[2] < one[4] - 0.5


def check_layout(window, size):
    found = parts(window)
    for part in found:
        assert part[1] >= 0, part
        assert part[2] >= 0, part
        assert part[3] <= size[0], part
        assert part[4] <= size[1], part
    left, bottom, right, top = np.array([part[1:] for part in found]).T  # pair by pair in Python takes much longer
    meet = np.triu((left[:, None] < right - 0.5) & (left < right[:, None] - 0.5)
                   & (bottom[:, None] < top - 0.5) & (bottom < top[:, None] - 0.5), 1)
    clashes = [(found[one][0], found[other][0]) for one, other in zip(*meet.nonzero(), strict=True)
               if {found[one][0], found[other][0]} != {"inlaid", "picture"}]
    assert not clashes, clashes
