"""A dot, a full stop or an enlarged speck: ink without a stroke, which a network would yet read as some digit."""

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.stroke_width import stroke_width

TOO_LITTLE_INK = "too little ink for a digit: it is a dot", "draw a digit, or choose another picture"  # and the remedy
# pixels of a digit 20 long: in MNIST's 70,000 no circle fits that is larger than 6.7, and in a dot one of 8 or more
MAX_CIRCLE_RADIUS_PX = 7.4
MIN_STROKE_WIDTH_PX = 5.5  # below it no such circle fits: a dot's is 6.6 or more


def refuse_blob(digit: np.ndarray) -> None:
    """Raise InputError where a prepared digit (28, 28) is a filled spot, round or square, and has no stroke."""
    if stroke_width(digit) < MIN_STROKE_WIDTH_PX:
        return
    from scipy.ndimage import distance_transform_edt

    filled = np.pad(digit > digit.max() / 2, 1)
    if distance_transform_edt(filled).max() > MAX_CIRCLE_RADIUS_PX:
        raise InputError(*TOO_LITTLE_INK)
