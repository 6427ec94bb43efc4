"""What a network's inputs are: the pixels of a picture, or measurements that have names."""

from dataclasses import dataclass

import numpy as np

from neuralscope.formatting import pixel_name, sheet_shape
from neuralscope.short_repr import short_repr

GREY_STEPS = 255  # steps of grey of a pixel as its file has it


@dataclass(frozen=True, eq=False)
class Inputs:
    """How inputs are named, and how they stand on the screen.

    ``shape``: rows and columns, of what is no picture one column; ``names`` of what is no picture. ``sizes`` (inputs,)
    float64: the largest size of each in the test set, of a picture 1 or what all have, whose pixels are ink alike.
    ``signed``: whether some are below 0.
    """

    shape: tuple[int, int]
    names: tuple[str, ...]
    sizes: np.ndarray
    signed: bool
    __repr__ = short_repr

    @property
    def is_picture(self):
        """Whether they are a picture's pixels."""
        return not self.names

    @property
    def count(self):
        """How many there are."""
        return self.shape[0] * self.shape[1]

    @property
    def noun(self):
        """What one of them is."""
        return "pixel" if self.is_picture else "feature"

    @property
    def quantity(self):
        """What one of them has."""
        return "ink" if self.is_picture else "value"

    @property
    def sample(self):
        """What is read at a time."""
        return "digit" if self.is_picture else "row"

    @property
    def subject(self):
        """What all of them are."""
        return "the digit" if self.is_picture else "the features"

    def name(self, index):
        """Name one of them, by its number."""
        return pixel_name(*divmod(index, self.shape[1])) if self.is_picture else self.names[index]

    def longest_name(self):
        """Return the longest of their names."""
        rows, columns = self.shape
        return pixel_name(rows - 1, columns - 1) if self.is_picture else max(self.names, key=len)

    def relative(self, values):
        """Return values (inputs,) as shares of the largest size that each has: what is no picture has many scales."""
        return values / self.sizes

    def grey_text(self, ink):
        """Write ink as steps of grey where it is what a byte can hold; else ""."""
        return f"{round(ink * GREY_STEPS)} of {GREY_STEPS} grey steps" if self.is_picture and 0 <= ink <= 1 else ""

    @property
    def tile_shape(self):
        """Rows and columns where each is one cell and there is no room for bars."""
        return self.shape if self.is_picture else sheet_shape(self.count)

    def tile(self, values):
        """Return values (inputs,) in the cells of `tile_shape`; those that stand for none are 0."""
        rows, columns = self.tile_shape
        cells = np.zeros(rows * columns, np.asarray(values).dtype)
        cells[:len(values)] = values
        return cells.reshape(rows, columns)


def inputs_of(dataset):
    """Return the Inputs of a data set: a picture's of its ``image_shape``, or of a square where that is not known."""
    pixels = dataset.test.pixels
    count = pixels.shape[1]
    side = int(count**0.5 + 0.5)
    shape = dataset.image_shape
    if shape is not None and shape[0] * shape[1] != count:
        shape = (side, side) if side * side == count else None
    finite = np.isfinite(pixels)
    if pixels.dtype == np.uint8:
        low, sizes = 0.0, np.ones(count)
    else:
        low = float(pixels.min(initial=0, where=finite))
        sizes = np.abs(pixels).max(axis=0, initial=0, where=finite).astype(np.float64)
    if shape is not None:
        return Inputs(tuple(shape), (), np.full(count, max(1.0, float(sizes.max()))), low < 0)
    names = tuple(dataset.feature_names) or tuple(f"feature {index}" for index in range(count))
    return Inputs((count, 1), names, np.where(sizes > 0, sizes, 1), low < 0)
