"""A sheet of square cells that stands in space: of glass where nothing happens, and what is bright glows.

Positions are in units: hundredths of an inch from the window's lower left corner.
"""

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from neuralscope.visualizer.drawing.focus_ring import QuadBounds
from neuralscope.visualizer.drawing.heatmap import enlarge_cells
from neuralscope.visualizer.drawing.plain_artist import PlainArtist
from neuralscope.visualizer.drawing.projection import map_points
from neuralscope.visualizer.drawing.shapes import clipped_context, in_units
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, rgb

MAX_TEXELS = 320  # of a sheet's longer side: no screen shows it much larger
GLASS_OPACITY = 0.65  # how much a cell hides where nothing happens; one at the end of the colour key hides all,
OPAQUE_SHARE = 0.15  # and so does everything from this share of it on
# how strong the glow is; its standard deviation in cells of a sheet of 16 to 28
GLOW_STRENGTH, GLOW_DEVIATION_CELLS = 0.55, 0.9
GLOW_MARGIN_DEVIATIONS = 2.6  # standard deviations, into which it reaches beside the sheet
VECTOR_PIXELS_PER_UNIT = 3  # pixels a unit in a vector file


class Heatmap3D(PlainArtist):
    """Cells in one colour each. ``plane``: the matrix that makes units of (column, row, 1), see `Projection.plane`;
    ``room``: left, bottom, width, height outside of which nothing is drawn; ``edge``: the colour of its outline;
    ``light``: from 0 to 1, how much of the cells' colours has come on.

    Not a `QuadMesh` of the projected corners: that takes a fifth of the time (28 x 28 cells, 448 pixels wide), but has
    neither glow nor stripes and crosses, and jagged edges between cells: all pixels differ.
    """

    def __init__(self, edge="#808080", zero="#202020"):
        """Make a sheet of one empty cell; ``zero`` is the colour of a cell without light."""
        super().__init__()
        self.plane, self.room, self.light = np.eye(3), (0.0, 0.0, 1.0, 1.0), 1.0
        self.edge, self.zero = edge, rgb(zero)
        self.cells, self.strength, self._drawn = np.zeros((0, 0, 4), np.uint8), np.zeros((1, 1)), None
        self.set_cells(np.zeros((1, 1, 4), np.uint8))

    def set_cells(self, cells, empty=None, crossed=None, cross=(0, 0, 0), hatched=None):
        """Set the colours as of a `Heatmap`, after ``strength`` (rows, columns), the share of the scale of each."""
        drawn = (cells, self.strength, np.zeros(1) if empty is None else empty, crossed, cross, hatched)
        if self._drawn is not None and all(np.array_equal(*both) for both in zip(drawn, self._drawn, strict=True)):
            return
        self._drawn, self.cells, self.empty, self.crossed, self.cross = drawn, cells, empty, crossed, cross
        self.hatched = hatched
        rows, columns = cells.shape[:2]
        self._texel = max(2, MAX_TEXELS // max(rows, columns))
        self._reach = GLOW_DEVIATION_CELLS * max(1, max(rows, columns) / 28) * min(1, max(0.5, max(rows, columns) / 16))
        self._margin = round(GLOW_MARGIN_DEVIATIONS * self._reach * self._texel)
        self._images = {}  # with light or without it: a picture, made when it is first drawn
        self.stale = True

    # Where things are

    def outline(self):
        """Return the corners (4, 2) in units."""
        rows, columns = self.cells.shape[:2]
        return map_points(self.plane, np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]]))

    def cell_bounds(self, row, column):
        """Return the `QuadBounds` of one cell."""
        corners = np.add([[0, 0], [1, 0], [1, 1], [0, 1]], (column, row))
        return QuadBounds(map_points(self.plane, corners), self.room)

    def cell_at(self, x, y):
        """Return ``(row, column)`` of the cell at a point in units, or None."""
        left, bottom, width, height = self.room
        if not (left <= x < left + width and bottom <= y < bottom + height) or not self._has_area():
            return None
        column, row = np.floor(map_points(np.linalg.inv(self.plane), np.array([[x, y]]))[0])
        inside = 0 <= row < self.cells.shape[0] and 0 <= column < self.cells.shape[1]
        return (int(row), int(column)) if inside else None

    def _has_area(self):
        """Say whether it is not seen from its very edge."""
        x, y = self.outline().T
        return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) > 2

    # How it looks

    def draw(self, renderer):
        """Draw the cells as far as they have light, in perspective, and the outline."""
        if not self.get_visible():
            return
        if self._has_area():
            if self.light < 1:
                self._draw_cells(renderer, self._texture(lit=False), 1)
            if self.light > 0:
                self._draw_cells(renderer, self._texture(lit=True), self.light)
        context = clipped_context(renderer, self.figure, self.room)
        context.set_foreground(self.edge)
        context.set_linewidth(renderer.points_to_pixels(72 / UNITS_PER_INCH))
        corners = self.outline()
        renderer.draw_path(context, Path(corners[[0, 1, 2, 3, 0]], closed=True), in_units(self.figure))
        context.restore()
        self.stale = False

    def _draw_cells(self, renderer, image, alpha):
        """Take each pixel from the place of the texture that is seen there."""
        from PIL import Image

        unit, is_vector = renderer.points_to_pixels(72) / UNITS_PER_INCH, renderer.option_scale_image()
        pixel = VECTOR_PIXELS_PER_UNIT if is_vector else unit
        margin, size = self._margin / self._texel, self._texel
        rows, columns = self.cells.shape[:2]
        reach = map_points(self.plane, np.array([[-margin, -margin], [columns + margin, -margin],
                                                 [columns + margin, rows + margin], [-margin, rows + margin]]))
        low = np.floor(np.maximum(reach.min(axis=0), self.room[:2]) * pixel)
        high = np.ceil(np.minimum(reach.max(axis=0), np.add(self.room[:2], self.room[2:])) * pixel)
        width, height = (high - low).astype(int)
        if width <= 0 or height <= 0:
            return
        to_units = np.array([[1 / pixel, 0, low[0] / pixel], [0, -1 / pixel, high[1] / pixel], [0, 0, 1]])
        to_texture = np.array([[size, 0, self._margin], [0, size, self._margin], [0, 0, 1]])
        found = to_texture @ np.linalg.inv(self.plane) @ to_units
        seen = image.transform((width, height), Image.Transform.PERSPECTIVE, (found / found[2, 2]).ravel()[:8],
                               Image.Resampling.BILINEAR)
        context, pixels = renderer.new_gc(), np.array(seen)[::-1]
        if alpha < 1:  # Agg does not heed the context's
            pixels[..., 3] = np.rint(alpha * pixels[..., 3])
        if is_vector:
            renderer.draw_image(context, low[0] / pixel * unit, low[1] / pixel * unit, pixels,
                                Affine2D().scale(width / pixel * unit, height / pixel * unit))
        else:
            renderer.draw_image(context, low[0], low[1], pixels)
        context.restore()

    def _texture(self, lit):
        """Return the cells with their light or without it as a picture of Pillow, with a margin for the glow."""
        from PIL import Image

        if lit not in self._images:
            strength = self.strength if lit else np.zeros(self.cells.shape[:2])
            cells = self.cells.copy()
            opacity = GLASS_OPACITY + (1 - GLASS_OPACITY) * np.minimum(strength / OPAQUE_SHARE, 1)
            cells[..., 3] = np.rint(255 * opacity)
            cells[..., :3] = cells[..., :3] if lit else self.zero
            pixels = enlarge_cells(cells, self._texel, self.empty, self.crossed, self.cross, self.hatched)
            self._images[lit] = Image.fromarray(self._before_halo(pixels, strength) if lit else
                                                np.pad(pixels, (*((self._margin,) * 2,) * 2, (0, 0))))
        return self._images[lit]

    def _before_halo(self, pixels, strength):
        """Return the cells in front of their glow, each cell's colour blurred."""
        lights = np.concatenate([self.cells[..., :3], np.full((*strength.shape, 1), 255)], axis=2) * (
            GLOW_STRENGTH * strength[..., None]**1.5)
        down, along = (self._spread(count) for count in strength.shape)
        halo = down @ lights.astype(np.float32).transpose(2, 0, 1) @ along.T  # colour times alpha, alpha: of 255
        halo *= np.minimum(255 / np.maximum(halo[3], 1), 1)
        inner = halo[:, self._margin:-self._margin, self._margin:-self._margin]
        cover = pixels[..., 3] * np.float32(1 / 255)
        inner *= 1 - cover
        inner[:3] += pixels[..., :3].transpose(2, 0, 1) * cover
        inner[3] += pixels[..., 3]
        halo[:3] *= 255 / np.maximum(halo[3], 1)
        return np.minimum(halo + 0.5, 255).astype(np.uint8).transpose(1, 2, 0)

    def _spread(self, count):
        """Return (texels, cells): how much of the light of each cell gets to each row or column of texels."""
        at = (np.arange(count * self._texel + 2 * self._margin) - self._margin + 0.5) / self._texel
        return np.exp(-0.5 * (np.subtract.outer(at, np.arange(count) + 0.5) / self._reach) ** 2).astype(np.float32)
