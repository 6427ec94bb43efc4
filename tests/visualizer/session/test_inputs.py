"""What inputs are: pictures of any sides, or measurements with their names."""

from dataclasses import replace

import numpy as np
import pytest

from neuralscope.data_loader import Digits
from neuralscope.visualizer.session.inputs import inputs_of
from tests.helpers.other_networks import dataset_of, oblong_digits, small_digits, tumours


def test_pictures_have_their_sides_and_ink():
    for dataset, shape in ((small_digits(), (8, 8)), (oblong_digits(), (12, 20))):
        inputs = inputs_of(dataset)
        assert inputs.shape == inputs.tile_shape == shape
        assert (inputs.is_picture, inputs.signed, inputs.noun, inputs.quantity) == (True, False, "pixel", "ink")
        assert inputs.name(shape[1] + 2) == "pixel row 1, column 2"
        assert inputs.sizes[0] == 1


def test_measurements_have_names_and_a_scale_each():
    inputs = inputs_of(tumours())
    assert (inputs.is_picture, inputs.signed, inputs.shape, inputs.tile_shape) == (False, False, (30, 1), (5, 6))
    assert inputs.name(3) == "mean area"
    values = np.abs(tumours().test.images)
    np.testing.assert_allclose(inputs.relative(values).max(axis=0), 1, rtol=1e-5)
    assert inputs_of(tumours(standardized=True)).signed


@pytest.mark.parametrize(("count", "shape"), [(784, (28, 28)), (49, (7, 7)), (30, (30, 1))])
def test_counts_that_the_named_shape_does_not_fit_are_squares_or_no_pictures(count, shape):
    made = dataset_of("other", np.random.default_rng(0).random((70, count)), np.zeros(70), "ab", (28, 28))
    assert inputs_of(made).shape == shape


def test_what_is_no_number_has_no_part_in_the_scale():
    made = dataset_of("holes", np.random.default_rng(0).normal(size=(70, 6)), np.zeros(70), "ab")
    pixels = made.test.pixels.copy()
    pixels[3, 2], pixels[4, 1] = np.nan, -np.inf
    inputs = inputs_of(replace(made, test=Digits(pixels, made.test.labels)))
    assert np.isfinite(inputs.sizes).all()


def test_ink_is_told_in_grey_steps_only_where_a_byte_can_hold_it():
    inputs = inputs_of(small_digits())
    assert inputs.grey_text(0.5) == "128 of 255 grey steps"
    assert inputs.grey_text(-0.5) == inputs.grey_text(float("nan")) == ""
