"""Pictures of cells, blocks and the cursor's ring.

A picture of cells is a look-up and a repeat, which costs a twentieth of resampling an image. Positions are in units:
hundredths of an inch from the window's lower left corner.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from neuralscope.visualizer.style import UNITS

VECTOR_CELL = 8  # pixels a cell in a vector file, for viewers that smooth pictures


class Picture(Artist):
    """Square cells in one colour each, without resampling; ``room``: left, top, width, height that it may fill.

    Every cell is equally wide, a whole number of pixels, so the picture may be a little smaller than its room.
    """

    def __init__(self):
        """Make a picture of one transparent cell."""
        super().__init__()
        self.room = (0.0, 0.0, 1.0, 1.0)
        self.set_cells(np.zeros((1, 1, 4), np.uint8))

    def set_cells(self, cells, empty=None):
        """Set the colours ``(rows, columns, 4)`` uint8 and, as a boolean mask, the cells that hold nothing."""
        self.cells, self.empty = np.ascontiguousarray(cells), empty
        self._made = None, None
        self.stale = True

    @property
    def room(self):
        """Left, top, width and height that the picture may fill, in units."""
        return self._room

    @room.setter
    def room(self, room):
        self._room, self._cell = room, (None, None)

    @property
    def cell(self):
        """The side of a cell in units: whole pixels of the window that it was laid out for, in any file too."""
        rows, columns = self.cells.shape[:2]
        if self._cell[0] != (rows, columns):
            pixel = self.figure.dpi / UNITS
            side = max(1, int(min(self.room[2] / columns, self.room[3] / rows) * pixel + 1e-6)) / pixel
            self._cell = (rows, columns), side
        return self._cell[1]

    def bounds(self):
        """Return ``(left, bottom, width, height)`` of what is drawn, in units."""
        left, top = self.room[:2]
        rows, columns = self.cells.shape[:2]
        return left, top - rows * self.cell, columns * self.cell, rows * self.cell

    def cell_bounds(self, row, column):
        """Return ``(left, bottom, width, height)`` of one cell in units; row 0 is at the top."""
        left, top = self.room[:2]
        return left + column * self.cell, top - (row + 1) * self.cell, self.cell, self.cell

    def cell_at(self, x, y):
        """Return ``(row, column)`` of the cell at a point in units, or None."""
        left, bottom, width, height = self.bounds()
        if left <= x < left + width and bottom < y <= bottom + height:
            return int((bottom + height - y) / self.cell), int((x - left) / self.cell)
        return None

    def draw(self, renderer):
        """Hand the pixels over."""
        if not self.get_visible():
            return
        pixel = renderer.points_to_pixels(72) / UNITS
        left, bottom, width, height = (length * pixel for length in self.bounds())
        if renderer.option_scale_image():  # a vector file: it scales the cells to the very place
            renderer.draw_image(renderer.new_gc(), left, bottom, self._pixels(VECTOR_CELL)[::-1],
                                Affine2D().scale(width, height))
        else:
            size = max(1, round(self.cell * pixel))
            if self._made[0] != size:
                self._made = size, self._pixels(size)
            renderer.draw_image(renderer.new_gc(), round(left), round(bottom), self._made[1][::-1])
        self.stale = False

    def _pixels(self, size):
        """Return each cell repeated ``size`` times across and down."""
        def enlarge(cells):
            return cells.repeat(size, axis=1).repeat(size, axis=0)

        whole = self.cells.view(np.uint32)[..., 0]  # a colour is one number: a quarter of the work
        pixels = enlarge(whole)[..., None].view(np.uint8)
        if self.empty is not None and self.empty.any():  # diagonal stripes: no colour of the map, so not a value
            rows, columns = np.indices(pixels.shape[:2])
            pixels[enlarge(self.empty) & ((rows + columns) % 6 > 0), 3] = 0
        return pixels


class Block(Rectangle):
    """A filled rectangle with square corners; set it with ``set_bounds`` in units."""

    def __init__(self, color, zorder=1.0):
        """Make an invisible block: it has no size yet."""
        super().__init__((0, 0), 0, 0, facecolor=color, linewidth=0, zorder=zorder)

    def set_figure(self, figure):
        """Learn the figure, and with it what a unit is."""
        super().set_figure(figure)
        self.set_transform(Affine2D().scale(1 / UNITS) + figure.dpi_scale_trans)


class Ring(Artist):
    """The cursor: a ring two units wide around a cell, cased in the background so that it shows on every colour."""

    def __init__(self, accent, background):
        """Make a ring around nothing."""
        super().__init__()
        self.zorder = 3
        self.around = None
        self.colors = (background, accent, background)

    def draw(self, renderer):
        """Draw it as three frames, outermost first."""
        if self.around is None or not self.get_visible():
            return
        left, bottom, width, height = self.around
        for color, grow, line in zip(self.colors, (4, 2.5, 1), (1.5, 2, 1), strict=True):
            frame = Rectangle((left - grow, bottom - grow), width + 2 * grow, height + 2 * grow, fill=False,
                              edgecolor=color, linewidth=line * 72 / UNITS, joinstyle="miter")
            figure = self.figure
            frame.set_figure(figure)
            frame.set_transform(Affine2D().scale(1 / UNITS) + figure.dpi_scale_trans)
            frame.draw(renderer)
        self.stale = False
