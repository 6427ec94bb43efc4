"""How wide strokes are, that those of a thin pen become wider, and that no others change."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw

from neuralscope import images
from neuralscope.images.stroke_width import THIN_WIDTHS_PX, stroke_width, widen_thin_strokes


def pen_digit(width, points=((80, 60), (200, 70), (130, 230))):
    """Return a drawing of 280x280 by a dark pen."""
    picture = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(picture).line(points, 0, width, joint="curve")
    return np.asarray(picture)


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_the_width_of_a_bar_is_told_whichever_way_it_runs(width):
    bar = np.zeros((28, 28), np.float32)
    bar[2:26, 10:10 + width] = 1
    expected = 2 * 24 * width / (2 * 24 + 2 * width)  # its ends are edges too
    assert stroke_width(bar) == pytest.approx(expected, rel=0.03)
    assert stroke_width(bar.T) == pytest.approx(expected, rel=0.03)


def test_a_stroke_at_the_rim_has_its_edge_there():
    bar = np.zeros((28, 28), np.float32)
    bar[:, :3] = 1
    inside = np.roll(bar, 9, axis=1)
    assert stroke_width(bar) == pytest.approx(stroke_width(inside), rel=0.01)


def test_without_ink_there_is_no_stroke():
    empty = np.zeros((28, 28), np.float32)
    assert stroke_width(empty) == 0
    assert widen_thin_strokes(empty) is empty


@pytest.mark.parametrize("width", [3, 5, 7, 9])
def test_a_thin_pen_s_strokes_become_as_wide_and_light_as_mnist_s(width, shipped):
    done = images.preprocess(pen_digit(width))
    before, after = done.stroke_widths
    assert before < THIN_WIDTHS_PX[1]
    assert 1.7 < after < 2.8
    assert (done.digit == 1).sum() >= 7  # a hundredth of all pixels, and not a crossing alone
    assert done.digit.sum() > 1.4 * done.stages[5].picture.sum()
    assert shipped.network.forward(done.digit[np.newaxis]).predictions == [7]


def test_wide_strokes_stay_as_they_are(embedded):
    done = images.preprocess(pen_digit(20))
    before, after = done.stroke_widths
    assert before == after > THIN_WIDTHS_PX[1]
    assert done.stages[6].picture is done.stages[5].picture
    assert all(stroke_width(image.reshape(28, 28)) > THIN_WIDTHS_PX[1] for image in embedded.test.images)


def test_no_threshold_decides():
    """A pen that is a little wider makes a digit that is a little different."""
    thin = images.preprocess(pen_digit(8)).stages[5].picture
    wide = images.preprocess(pen_digit(20)).stages[5].picture
    mixtures = [widen_thin_strokes((1 - share) * thin + share * wide) for share in np.linspace(0, 1, 101)]
    changes = [np.abs(one - other).max() for one, other in pairwise(mixtures)]
    assert max(changes) < 0.06
    assert sum(changes) > 0.3


def test_a_faint_digit_stays_as_faint():
    """Without the steps before it, full ink need not be 1."""
    faint = np.float32(0.4) * images.preprocess(pen_digit(5)).stages[5].picture
    assert widen_thin_strokes(faint).max() == pytest.approx(faint.max())
