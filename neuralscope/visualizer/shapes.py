"""Pictures of cells, outlines, blocks and the cursor's ring.

A picture of cells is a look-up and a repeat, which costs a twentieth of resampling an image. Positions are in units:
hundredths of an inch from the window's lower left corner.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform

from neuralscope.visualizer.style import UNITS, rgb

VECTOR_CELL = 8  # pixels a cell in a vector file, for viewers that smooth pictures


def in_units(figure):
    """Return the transform from units to the pixels of ``figure``."""
    return Affine2D().scale(1 / UNITS) + figure.dpi_scale_trans


class Picture(Artist):
    """Square cells in one colour each, without resampling; ``room``: left, top, width, height that it may fill.

    Every cell is equally wide, a whole number of pixels, so the picture may be a little smaller than its room.
    """

    def __init__(self):
        """Make a picture of one transparent cell."""
        super().__init__()
        self.room = (0.0, 0.0, 1.0, 1.0)
        self.set_cells(np.zeros((1, 1, 4), np.uint8))

    def set_cells(self, cells, empty=None, crossed=None, cross=(0, 0, 0)):
        """Set the colours ``(rows, columns, 4)`` uint8; boolean masks say which cells hold nothing or are crossed out.

        ``cross`` is the colour of the crosses, red, green and blue.
        """
        self.cells, self.empty, self.crossed, self.cross = np.ascontiguousarray(cells), empty, crossed, cross
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
        if self.crossed is not None and self.crossed.any():
            rows, columns = (at % size for at in np.indices(pixels.shape[:2]))
            line = (abs(rows - columns) <= size // 12) | (abs(rows + columns - size + 1) <= size // 12)
            pixels[enlarge(self.crossed) & line, :3] = self.cross
        return pixels


class Block(Artist):
    """A filled rectangle with square corners; set it with ``set_bounds`` in units.

    Like a `Rectangle` without its edge, in a third of the time: there are dozens in a frame.
    """

    def __init__(self, color, zorder=1.0):
        """Make an invisible block: it has no size yet."""
        super().__init__()
        self.set_zorder(zorder)
        self.bounds = (0.0, 0.0, 0.0, 0.0)
        self.set_facecolor(color)

    def set_bounds(self, left, bottom, width, height):
        """Set where it is and how large, in units."""
        self.bounds = left, bottom, width, height
        self.stale = True

    def set_facecolor(self, color):
        """Set the colour, ``#rrggbb``."""
        self.color = tuple(part / 255 for part in rgb(color))
        self.stale = True

    def draw(self, renderer):
        """Fill it, its edges on whole pixels."""
        left, bottom, width, height = self.bounds
        if not self.get_visible() or width <= 0 or height <= 0:
            return
        context = renderer.new_gc()
        context.set_linewidth(0)
        context.set_snap(True)
        pixel = renderer.points_to_pixels(72) / UNITS
        place = Affine2D.from_values(width * pixel, 0, 0, height * pixel, left * pixel, bottom * pixel)
        renderer.draw_path(context, Path.unit_rectangle(), place, self.color)
        self.stale = False


class Outline(Artist):
    """A line around the cells of a picture that a mask says, so that one sees where the ink is."""

    def __init__(self, picture, color):
        """Make an outline around nothing, over ``picture``."""
        super().__init__()
        self.set_zorder(1.5)
        self.picture, self.color = picture, color
        self.set_mask(np.zeros((1, 1), bool))

    def set_mask(self, mask):
        """Set which cells ``(rows, columns)`` lie inside."""
        self.mask = mask
        padded = np.pad(mask, 1)
        level = np.argwhere(padded[1:, 1:-1] != padded[:-1, 1:-1])  # (row, column) where an edge begins
        upright = np.argwhere(padded[1:-1, 1:] != padded[1:-1, :-1])
        edges = np.concatenate([np.stack([level, np.add(level, (0, 1))], axis=1),
                                np.stack([upright, np.add(upright, (1, 0))], axis=1)])
        self.segments = edges[..., ::-1]
        self.stale = True

    def draw(self, renderer):
        """Draw all edges as one path, in whole pixels."""
        if not self.get_visible() or not len(self.segments):
            return
        left, bottom, _, height = self.picture.bounds()
        corners = self.segments.reshape(-1, 2) * (1, -1) * self.picture.cell + (left, bottom + height)
        codes = np.tile([Path.MOVETO, Path.LINETO], len(self.segments)).astype(Path.code_type)
        context = renderer.new_gc()
        context.set_foreground(self.color)
        context.set_linewidth(renderer.points_to_pixels(0.75))
        context.set_snap(True)
        renderer.draw_path(context, Path(corners, codes), in_units(self.figure))
        self.stale = False


class Blocks(Artist):
    """Any number of filled rectangles, each in a colour of its own, drawn as one."""

    def __init__(self):
        """Make none."""
        super().__init__()
        self.set_zorder(1)
        self.set_blocks(np.zeros((0, 4)), np.zeros((0, 4), np.uint8))

    def set_blocks(self, bounds, colors):
        """Set ``(n, 4)`` left, bottom, width and height in units, and ``(n, 4)`` colours uint8."""
        self.bounds, self.colors = np.asarray(bounds, float).reshape(-1, 4), np.asarray(colors).reshape(-1, 4)
        self.stale = True

    def draw(self, renderer):
        """Draw the rectangles as one unit square, moved and stretched."""
        if not self.get_visible() or not len(self.bounds):
            return
        transforms = np.zeros((len(self.bounds), 3, 3))
        transforms[:, 0, 0], transforms[:, 1, 1], transforms[:, 2, 2] = self.bounds[:, 2], self.bounds[:, 3], 1
        transforms[:, :2, 2] = self.bounds[:, :2]
        edgeless, context = np.zeros((0, 4)), renderer.new_gc()
        context.set_snap(True)
        renderer.draw_path_collection(
            context, in_units(self.figure), [Path.unit_rectangle()], transforms, np.zeros((len(self.bounds), 2)),
            IdentityTransform(), self.colors / 255, edgeless, [0.0], [(0, None)], [False], [None], "screen")
        self.stale = False


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
            frame.set_figure(self.figure)
            frame.set_transform(in_units(self.figure))
            frame.draw(renderer)
        self.stale = False
