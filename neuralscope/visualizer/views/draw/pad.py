"""The pad: what a hand draws, or the picture that was opened, with the box around the ink and its centre of mass."""

import numpy as np

from neuralscope.images.preprocessing import STEPS
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views.draw.image_panel import ImagePanel
from neuralscope.visualizer.widgets.panel import inside

GRID_SIDE = 28  # rows and columns of places where the keyboard's pen can stand
DRAW_BUTTON, ERASE_BUTTON = 1, 3  # buttons of the mouse


class Pad(ImagePanel):
    """A square to draw on; by keyboard the cursor is the pen, and Enter puts it down and lifts it."""

    def __init__(self, surface):
        """Make the picture, the frame and the cross."""
        super().__init__(surface)
        self.frame = [self.add(Block(self.theme.faint)) for _ in range(4)]
        self.cross = [self.add(Block(self.theme.background)) for _ in "-|"]
        self.cross += [self.add(Block(self.theme.accent)) for _ in "-|"]
        self.title, self.caption, self.hint = self.add(Line()), self.add(Line()), self.add(Line(align="center"))
        self.hint.inlaid = True

    def place(self, left, top, side, labels):
        """Fill a square; the labels stand below it, ``labels`` wide."""
        super().place(left, top, side)
        below, lead = top - self.picture.bounds()[3], self.surface.leading
        for line, down in ((self.title, 24), (self.caption, 42)):
            line.x, line.y, line.max_width = left, below - down * lead, labels
        self.hint.x, self.hint.y, self.hint.max_width = left + side / 2, top - side / 2, side - 20

    def update(self, session, trace):
        """Show the ink."""
        self.session, user_digit = session, session.user_digit
        self.drawn_state = self.drawn_state if user_digit.opened else None
        self.show(user_digit.grey_picture, bool(user_digit.opened))
        self._draw_box(user_digit.preprocessed)
        erasing = user_digit.erases if user_digit.strokes.drawing else user_digit.erasing
        title = "the picture" if user_digit.opened else "draw here"
        self.title.set_runs(self.name("erasing" if erasing else title))
        captions = "frame: the box, cross: its centre of mass", "box and centre of mass"
        self.caption.set_runs(*((self.run(words),) for words in captions if user_digit.preprocessed))
        hint = "draw a digit here: it is read at every stroke", "draw a digit here"
        self.hint.set_runs(*((self.run(words),) for words in hint if user_digit.empty))

    def _draw_box(self, preprocessed):
        """Frame the ink and cross its centre of mass."""
        for block in (*self.frame, *self.cross):
            block.set_visible(preprocessed is not None)
        if preprocessed is None:
            return
        left, top, right, bottom = (edge / preprocessed.shrunk for edge in preprocessed.box)
        (x0, y0), (x1, y1) = self.to_units(left, top), self.to_units(right, bottom)
        for edge, bounds in zip(self.frame, ((x0, y0, x1 - x0, 1), (x0, y1, x1 - x0, 1), (x0, y1, 1, y0 - y1),
                                             (x1, y1, 1, y0 - y1)), strict=True):
            edge.set_bounds(*bounds)
        x, y = self.to_units(*self._mass(preprocessed))
        for block, (wide, high) in zip(self.cross, ((19, 6), (6, 19), (15, 2), (2, 15)), strict=True):
            block.set_bounds(x - wide / 2, y - high / 2, wide, high)

    def _mass(self, preprocessed):
        """Return the column and the row of the ink's centre of mass in the picture."""
        ink = preprocessed.stages[STEPS.index("box")].picture
        total = float(ink.sum()) or 1.0
        columns, rows = (float(ink.sum(axis=axis) @ (np.arange(ink.shape[1 - axis]) + 0.5)) / total for axis in (0, 1))
        return preprocessed.box[0] / preprocessed.shrunk + columns, preprocessed.box[1] / preprocessed.shrunk + rows

    def share(self, x, y):
        """Return where a point in units is, as shares of the side, y from the top."""
        left, bottom, side, _ = self.picture.bounds()
        return (x - left) / side, (bottom + side - y) / side

    # Drawing by mouse and by keyboard

    def start_drag(self, session, x, y, button):
        """Put the pen down, or the eraser."""
        if button not in (DRAW_BUTTON, ERASE_BUTTON) or not inside(self.picture.bounds(), x, y):
            return None
        self.session = session
        session.user_digit.begin(*self.share(x, y), button == ERASE_BUTTON)
        return self

    def drag(self, x, y):
        """Draw on."""
        self.session.user_digit.move(*self.share(x, y))

    def release(self):
        """Lift the pen."""
        self.session.user_digit.end()

    def grid(self, session):
        """Return the places of the keyboard's pen."""
        return GRID_SIDE, GRID_SIDE

    def first_cell(self, session):
        """Begin in the middle."""
        return GRID_SIDE // 2, GRID_SIDE // 2

    def choose(self, session, row, column):
        """Put the pen down, or lift it."""
        if session.user_digit.strokes.drawing:
            session.user_digit.end()
        else:
            session.user_digit.begin((column + 0.5) / GRID_SIDE, (row + 0.5) / GRID_SIDE, False)

    def focus_moved(self, session, row, column):
        """Draw on, if the pen is down."""
        session.user_digit.move((column + 0.5) / GRID_SIDE, (row + 0.5) / GRID_SIDE)

    def describe(self, session, row, column):
        """Say where the pen is, and what Enter does with it."""
        left, bottom, side, _ = self.picture.bounds()
        cell = side / GRID_SIDE
        ring = left + column * cell, bottom + side - (row + 1) * cell, cell, cell
        explanation = ("down: arrows draw, Enter lifts it" if session.user_digit.strokes.drawing
                       else "up: Enter puts it down")
        return (self.run("the pen", color="text", bold=True), self.run(explanation, gap=2),
                self.run("row", gap=2), self.run(str(row), color="text", mono=True, gap=1),
                self.run("column", gap=1), self.run(str(column), color="text", mono=True, gap=1)), ring
