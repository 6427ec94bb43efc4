"""The digit and the layers as sheets that stand in space; their names and keys stand below them all."""

import numpy as np

from neuralscope.visualizer.drawing.heatmap3d import Heatmap3D
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.hidden_layers import LayerSheet


class Sheet3D:
    """What makes a `HeatmapPanel` stand in space: a `Heatmap3D` for its picture, which the view aims."""

    def make_picture(self):
        """Return what shows the cells."""
        return Heatmap3D(self.theme.faint, self.theme.zero)

    def place(self, left, below, width):
        """Put name, caption and colour key below a height, into a column."""
        self.labels = width - 12 * self.surface.scale
        lower = 5 * self.surface.leading  # to the height of the outputs' name
        self._label_small(left, below - lower, min(self.labels, 1.3 * self.key_width * self.surface.scale))

    def show(self, values, top, empty=None, crossed=None):
        """Colour the cells, and let them glow as strongly as they are bright."""
        self.picture.strength = np.nan_to_num(np.clip(np.abs(values) / top, 0, 1))
        super().show(values, top, empty, crossed)

    @property
    def shape(self):
        """The rows and columns of cells."""
        return self.picture.cells.shape[:2]


class DigitSheet3D(Sheet3D, Digit):
    """The digit as a sheet of pixels."""

    order = None  # each pixel stands where it is

    def __init__(self, surface, inputs):
        """Make the sheet; ink needs no key."""
        super().__init__(surface, inputs, with_key=False)
        self.picture.set_cells(np.zeros((*inputs.tile_shape, 4), np.uint8))  # the scene is laid out for them

    def show(self, values, top, empty=None, crossed=None):
        """Show what is no picture as cells side by side: a column of bars would stand on edge."""
        if not self.inputs.is_picture:
            empty = self.inputs.tile(np.ones(self.inputs.count)) == 0
            values = self.inputs.tile(values.ravel())
        super().show(values, top, empty, crossed)

    def describe(self, session, row, column):
        """Say what stands in a cell."""
        if row * self.shape[1] + column < self.inputs.count:
            return super().describe(session, row, column)
        return (self.run("an empty cell", color="text", bold=True),), self.picture.cell_bounds(row, column)

    def cells_of(self, pixels):
        """Return the cells in which pixels stand, counted along the rows."""
        return pixels


class LayerSheet3D(Sheet3D, LayerSheet):
    """A hidden layer as a sheet of neurons."""

    def names(self, count, neurons):
        """Return wordings, longest first, of what stands here."""
        return f"{count} hidden {neurons}", f"{count} {neurons}", count

    def cells_of(self, neurons):
        """Return the cells in which neurons stand, counted along the rows."""
        return np.argsort(self.order)[neurons]
