"""Pictures of cells: colours are looked up and repeated, which costs a sixteenth of resampling an image.

Positions are in units: hundredths of an inch from the window's lower left corner.
"""

import numpy as np
from matplotlib.transforms import Affine2D

from neuralscope.visualizer.drawing.plain_artist import PlainArtist
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH

VECTOR_CELL_PIXELS = 8  # pixels a cell in a vector file, for viewers that smooth pictures


class Heatmap(PlainArtist):
    """Square cells in one colour each, without resampling; ``room``: left, top, width, height that it may fill.

    Every cell is equally wide, a whole number of pixels, so the picture may be a little smaller than its room; where
    there are more cells than pixels, those on the pixels' centres are shown.
    Not ``imshow`` with nearest neighbours: for 28 x 28 cells on 448 x 448 pixels that takes 16 times as long, with new
    cells 11 times. A `QuadMesh` takes 3.1 and 2.4 times as long. All show the same pixels.
    """

    def __init__(self):
        """Make a picture of one transparent cell."""
        super().__init__()
        self.room = (0.0, 0.0, 1.0, 1.0)
        self.set_cells(np.zeros((1, 1, 4), np.uint8))

    def set_cells(self, cells, empty=None, crossed=None, cross=(0, 0, 0), hatched=None):
        """Set the colours ``(rows, columns, 4)`` uint8; boolean masks say which cells hold nothing or are crossed out.

        ``cross`` is the colour of the crosses, red, green and blue; ``hatched``: which cells are no numbers.
        """
        self.cells, self.empty, self.crossed, self.cross = np.ascontiguousarray(cells), empty, crossed, cross
        self.hatched = hatched
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
            pixel = self.figure.dpi / UNITS_PER_INCH
            fitting = min(self.room[2] / columns, self.room[3] / rows) * pixel
            side = (int(fitting + 1e-6) or fitting) / pixel
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
        pixel = renderer.points_to_pixels(72) / UNITS_PER_INCH
        left, bottom, width, height = (length * pixel for length in self.bounds())
        if renderer.option_scale_image():  # a vector file: it scales the cells to the very place
            renderer.draw_image(renderer.new_gc(), left, bottom, self._pixels(VECTOR_CELL_PIXELS)[::-1],
                                Affine2D().scale(width, height))
        else:
            size = self.cell * pixel if self.cell * pixel < 1 - 1e-6 else max(1, round(self.cell * pixel))
            if self._made[0] != size:
                self._made = size, self._pixels(size)
            renderer.draw_image(renderer.new_gc(), round(left), round(bottom), self._made[1][::-1])
        self.stale = False

    def _pixels(self, size):
        masks = self.empty, self.crossed, self.hatched
        cells, (empty, crossed, hatched) = self.cells, masks
        if size < 1:
            down, across = (np.arange(max(1, round(count * size))) / size + 0.5 / size for count in cells.shape[:2])
            seen = np.ix_(*(np.minimum(at.astype(int), count - 1)
                            for at, count in zip((down, across), cells.shape, strict=False)))
            cells, (empty, crossed, hatched) = cells[seen], (mask if mask is None else mask[seen] for mask in masks)
            size = 1
        return enlarge_cells(cells, size, empty, crossed, self.cross, hatched)


def hatching(height, width):
    """Return which pixels (height, width) lie on lines that say: this is no number."""
    rows, columns = np.indices((height, width))
    return (rows - columns) % 5 == 0


def enlarge_cells(cells, size, empty=None, crossed=None, cross=(0, 0, 0), hatched=None):
    """Return each cell repeated ``size`` times across and down, with stripes and crosses; see `Heatmap.set_cells`."""
    def enlarge(cells):
        return cells.repeat(size, axis=1).repeat(size, axis=0)

    packed = np.ascontiguousarray(cells).view(np.uint32)[..., 0]  # a colour is one number: a quarter of the work
    pixels = enlarge(packed)[..., None].view(np.uint8)
    if empty is not None and empty.any():  # diagonal stripes: no colour of the map, so not a value
        rows, columns = np.indices(pixels.shape[:2])
        pixels[enlarge(empty) & ((rows + columns) % 6 > 0), 3] = 0
    if crossed is not None and crossed.any():
        rows, columns = (at % size for at in np.indices(pixels.shape[:2]))
        line = (abs(rows - columns) <= size // 12) | (abs(rows + columns - size + 1) <= size // 12)
        pixels[enlarge(crossed) & line, :3] = cross
    if hatched is not None and hatched.any():
        pixels[enlarge(hatched) & hatching(*pixels.shape[:2]), :3] = cross
    return pixels
