"""Lines of text."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neuralscope.visualizer.drawing.text import Line, TextRun, wrapped


@pytest.fixture
def figure():
    made = Figure(figsize=(4, 1), dpi=100, facecolor="black")
    FigureCanvasAgg(made)
    return made


def drawn(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].max(axis=2)


@pytest.mark.parametrize("align", ["left", "right", "center"])
@pytest.mark.parametrize("mono", [False, True])
def test_the_ink_lies_where_the_bounds_say(figure, align, mono):
    line = figure.add_artist(Line(200, 40, align))
    line.set_runs((TextRun("reads 4", 20, "#ffffff", mono), TextRun("98.8 %", 12, "#ffffff", mono, gap=2)))
    rows, columns = np.nonzero(drawn(figure) > 60)
    left, bottom, width, height = line.bounds()
    assert columns.min() == pytest.approx(left, abs=6)
    assert columns.max() == pytest.approx(left + width, abs=6)
    assert bottom - 2 <= 100 - rows.max() <= 42
    assert 100 - rows.min() <= bottom + height + 2


def test_twice_the_density_gives_the_same_place_and_twice_the_pixels(figure):
    line = figure.add_artist(Line(50, 40))
    line.set_runs((TextRun("explore", 12, "#ffffff"),))
    width = line.bounds()[2]
    once = np.count_nonzero(drawn(figure) > 60)
    figure.set_dpi(200)
    assert line.bounds()[2] == pytest.approx(width, rel=0.05)
    assert 2.5 < np.count_nonzero(drawn(figure) > 60) / once < 5


def test_the_first_wording_that_fits_is_shown(figure):
    line = figure.add_artist(Line(max_width=100))
    line.set_runs(*((TextRun(text, 10, "#ffffff"),) for text in ("much too long for so little room", "it fits", "no")))
    assert line.text == "it fits"
    line.max_width = 1
    assert line.text == "no"
    line.max_width = None
    assert line.text == "much too long for so little room"


def test_a_line_that_says_nothing_draws_nothing(figure):
    line = figure.add_artist(Line())
    line.set_runs()
    assert line.text == ""
    assert not drawn(figure).any()


@pytest.mark.parametrize(("suffix", "mark"), [("svg", b"<svg"), ("pdf", b"%PDF")])
def test_vector_files_get_letters_not_pictures(figure, suffix, mark):
    line = figure.add_artist(Line(20, 40))
    line.set_runs((TextRun("$4 is not mathematics", 12, "#ffffff"), TextRun("98.8 %", 12, "#ffffff", mono=True, gap=1)))
    file = io.BytesIO()
    figure.savefig(file, format=suffix)
    assert file.getvalue().startswith(mark) or mark in file.getvalue()
    assert b"<image" not in file.getvalue()
    assert b"/Subtype /Image" not in file.getvalue()
    assert (b"DejaVuSans" in file.getvalue()) or (b"<text" in file.getvalue()) or (b"glyph" in file.getvalue())


@pytest.mark.parametrize(("words", "lines"), [
    ("", [""]), ("short", ["short"]), ("ten and no more", ["ten and no", "more"]),
    ("a-very-long-name of it", ["a-very-long-name", "of it"]),
    ("it is a-very-long-name", ["it is", "a-very-long-name"])])
def test_a_text_is_wrapped_between_words(words, lines):
    assert wrapped(words, lambda line: len(line) <= 10) == lines
