"""Where axes end and their lines stand."""

import numpy as np
import pytest

from neuralscope.visualizer.drawing.scales import MAX_TICKS, accuracy_scale, epoch_axis_end, epoch_ticks, loss_scale


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("values", [[], [np.nan], [2.3], [2.3, 0.5, 0.031], [1e-7, 0.2], [1e6, 3], [0.0, 1.0]], ids=str)
@pytest.mark.parametrize("make", [loss_scale, accuracy_scale])
def test_all_that_is_shown_lies_between_the_ends_and_lines_are_few_and_round(make, values, log):
    values = np.array(values, float)
    if make is accuracy_scale:
        values = np.clip(values, 0, 1)
    axis = make(values, log)
    assert axis.low < axis.high
    assert 2 <= len(axis.ticks) <= MAX_TICKS
    heights = axis.heights(axis.ticks)
    assert (np.diff(heights) > 0.01).all()
    assert heights.min() >= 0
    assert heights.max() <= 1
    shown = values[np.isfinite(values)]
    if make is loss_scale:
        shown = shown[shown > 0]
    inside = shown[(shown >= axis.low) & (shown <= axis.high)]
    assert len(inside) == len(shown) or log
    order = np.sort(shown)
    assert (np.diff(axis.heights(order)) >= 0).all()


def test_a_log_axis_of_losses_has_equal_ratios_and_one_of_shares_equal_ratios_of_errors():
    axis = loss_scale(np.array([0.01, 1.0]), True)
    one, two, three = axis.heights([0.02, 0.1, 0.5])
    assert two - one == pytest.approx(three - two)
    axis = accuracy_scale(np.array([0.6, 0.985]), True)
    one, two, three = axis.heights([0.6, 0.8, 0.9])
    assert two - one == pytest.approx(three - two)
    assert (axis.low, axis.high) == (0.5, 0.99)


@pytest.mark.parametrize(("done", "epochs", "end"), [(0, 10, 1), (0.3, 10, 1), (1.5, 10, 2), (6, 10, 10), (6, 8, 8),
                                                     (51, 300, 100), (0.1, 1, 1), (250, 300, 300)])
def test_the_axis_of_epochs_ends_at_a_round_number_or_at_the_last(done, epochs, end):
    assert epoch_axis_end(done, epochs) == end


@pytest.mark.parametrize(("end", "wanted"), [
    (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (10, [0, 2, 4, 6, 8, 10]), (12, [0, 5, 10]), (300, [0, 100, 200, 300])])
def test_epochs_are_whole_numbers(end, wanted):
    assert list(epoch_ticks(end)) == wanted
