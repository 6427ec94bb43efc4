"""The network in three dimensions: sheets of pixels and neurons, and the strongest connections between them."""

import numpy as np

from neuralscope.visualizer.app.playback import Passage
from neuralscope.visualizer.drawing.projection import Camera, Space
from neuralscope.visualizer.input.keys import ARROWS, Binding, KeyTable
from neuralscope.visualizer.input.prompts import Message
from neuralscope.visualizer.session.camera import Hold
from neuralscope.visualizer.views.network3d.connection_summary import Drawn
from neuralscope.visualizer.views.network3d.output_nodes import Lamps
from neuralscope.visualizer.views.network3d.sheets import StandingDigit, StandingSheet
from neuralscope.visualizer.views.network3d.strongest_connections import Web
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.panel import inside
from neuralscope.visualizer.widgets.view import View

DEGREES = 6.0  # a key turns by so much
CLOSER = 1.2  # a key, or a step of the wheel, comes closer by this factor
NARROWEST = 0.95  # times that the room is as wide as high, at least
LABELS = 140  # units that name and caption of a sheet take at least
DEPTH = 1.1, 1.8  # the drawing orders of what lies farthest and nearest


class InSpace(View):
    """Everything stands in one scene, which is turned; the outputs' figures stand beside it."""

    key, title = "o", "network"
    bindings = KeyTable([
        Binding(ARROWS, "turn", "turn the network; the mouse turns it by dragging", "turn", takes_key=True),
        Binding(("+",), "draw_more", "draw more of the strongest connections", "more"),
        Binding(("-",), "draw_fewer", "draw fewer of them", "fewer"),
        Binding((" ",), "play", "play the signal's way through the layers, or stop", "play"),
        Binding((".",), "come_closer", "come closer; with the mouse: its wheel", "closer"),
        Binding((",",), "go_away", "go farther away", "farther"),
        Binding(("r",), "reset", "look from where it began; another mouse button moves the network", "reset"),
    ])

    def __init__(self, painter, session):
        """Make the panels."""
        super().__init__(painter, session)
        layers, pixels = session.network.layers, session.digits.images.shape[1]
        self.digit = StandingDigit(painter, pixels)
        self.sheets = [self.digit, *(StandingSheet(painter, layer, layers[:-1]) for layer in range(len(layers) - 1))]
        self.web, self.lamps = Web(painter, len(layers)), Lamps(painter)
        self.web.free = lambda x, y: not self._before_web(x, y)
        self.drawn = Drawn(painter, self.web)
        self.outputs = Outputs(painter, session.dataset.class_names, layers[-1].activation)
        self.panels = [*self.sheets, self.web, self.drawn, self.lamps, self.outputs]
        self.passage = Passage(painter.figure.canvas, lambda: self.tell())

    def place(self):
        """The scene at the left, names and keys below it, figures at the right."""
        super().place()
        lead, scale, height = self.painter.leading, self.painter.scale, self.painter.height
        left, start, right = 0.029 * self.painter.width, 0.735 * self.painter.width, 0.971 * self.painter.width
        width, top = start - 16 * scale - left, 0.825 * height
        below = max(0.145 * height + 74 * lead, top - width / NARROWEST)
        self.room = left, below, width, top - below - 6 * lead
        self.space = Space([sheet.shape for sheet in self.sheets], len(self.session.dataset.class_names),
                           width / (top - below))
        for sheet in self.sheets:
            sheet.place(left, below, width)
        self.drawn.place(left, start - 16 * scale, top + 10 * scale)
        self.outputs.place(start, top, right - start, top - below)

    def update(self):
        """Show what the session shows, from where the person looks."""
        super().update()
        self.session.gaze.keep_within(*self.room[2:])
        self.camera = Camera(self.session.gaze, self.inner(), self.space.corners())
        grown, lit = self.passage.lights(len(self.sheets))
        for number, (sheet, light) in enumerate(zip(self.sheets, [1.0, *lit], strict=False)):
            pane = sheet.picture
            pane.plane, pane.room, pane.light = self.camera.plane(self.space.frame(number)), self.room, light
            chosen = number and number - 1 == self.session.layer
            pane.edge = self.painter.theme.muted if chosen else self.painter.theme.faint
        self._name_sheets()
        self.web.aim(self.room, self.points, grown)
        rows = np.array([(self.outputs.box[0] - 8, self.outputs.middle(row))
                         for row in range(len(self.space.outputs))])
        self.lamps.aim(self.room, self.camera.project(self.space.outputs), rows, lit[-1])
        self._order()

    def _name_sheets(self):
        """Put each name below the left edge of its sheet, in columns beside each other."""
        left, below, width, _ = self.room
        column = min(width / len(self.sheets), LABELS * self.painter.leading)
        edges = np.array([sheet.picture.outline()[:, 0].min() for sheet in self.sheets])
        starts = side_by_side(edges, column, left, left + width)
        for sheet, start in zip(self.sheets, starts, strict=True):
            sheet.place(start, below, min(end for end in (*starts, left + width) if end > start) - start)

    def inner(self):
        """Return the room without a margin, into which the glow reaches."""
        left, bottom, width, height = self.room
        pad = 14 * self.painter.scale
        return left + pad, bottom + pad, width - 2 * pad, height - 2 * pad

    def _order(self):
        """Let what is nearer be drawn later: sheets, outputs, and the lines between two of them."""
        places = self.space.places
        between = (places[1:] + places[:-1]) / 2
        artists = [*(sheet.picture for sheet in self.sheets), self.lamps.dots, *self.web.strands]
        order = self.camera.order([*places, *between])
        for depth, number in zip(np.linspace(*DEPTH, len(artists)), order, strict=True):
            artists[number].set_zorder(depth)
        self.lamps.leads.set_zorder(self.lamps.dots.get_zorder() - 0.001)

    def points(self, layer, numbers):
        """Return where neurons of a layer are seen, (n, 2) in units; layer 0 are the pixels, the last the outputs."""
        if layer == len(self.sheets):
            return self.camera.project(self.space.outputs[numbers])
        return self.camera.project(self.space.cells(layer, self.sheets[layer].cells_of(numbers)))

    # What the mouse finds

    def find(self, x, y):
        """Return what is pointed at: a lamp, else the cell that lies in front, else the closest connection."""
        return self._before_web(x, y) or super().find(x, y)

    def _before_web(self, x, y):
        """Return the lamp, or the nearest sheet with its cell, at a point."""
        nearest = sorted(self.sheets, key=lambda sheet: -sheet.picture.get_zorder())
        spots = ((part, part.spot_at(self.session, x, y)) for part in (self.lamps, *nearest))
        return next((found for found in spots if found[1] is not None), None)

    def grasp(self, x, y, button):
        """Take hold of the scene: to turn it, with another button than the first to move it."""
        return Hold(self.session.gaze, x, y, button) if inside(self.room, x, y) else super().grasp(x, y, button)

    def scroll(self, x, y, steps):
        """Come closer to a point."""
        found = inside(self.room, x, y)
        if found:
            left, bottom, width, height = self.room
            self.session.gaze.come(CLOSER**steps, x - left - width / 2, y - bottom - height / 2)
        return found

    def at_rest(self):
        """Say what the connection chosen carries, or one to the class asked about; in an inner layer, of its neuron."""
        session = self.session
        if session.connection or session.layer >= session.layers - 1:
            runs, frame = self.web.at_rest(session)
        else:
            sheet = self.sheets[session.layer + 1]
            runs, frame = sheet.account(session, *sheet.cell_of(session.neuron))
        return runs, None if self.passage.playing else frame

    def leave_cursor(self):
        """Put the cursor away, or stop playing; say whether there was something to end."""
        return super().leave_cursor() or self.passage.stop()

    # What the keys do

    def turn(self, key):
        """Turn the network."""
        right, up = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[key]
        turned = self.session.gaze.turn(right * DEGREES, up * DEGREES)
        return None if turned else Message("it turns no farther up or down")

    def draw_more(self):
        """Draw more connections."""
        return None if self.session.gaze.step(len(self.sheets), 1) else Message("more would hide each other")

    def draw_fewer(self):
        """Draw fewer connections."""
        return None if self.session.gaze.step(len(self.sheets), -1) else Message("these are the fewest")

    def come_closer(self):
        """Come closer."""
        return None if self.session.gaze.come(CLOSER) else Message("this is as close as it comes")

    def go_away(self):
        """Go farther away."""
        return None if self.session.gaze.come(1 / CLOSER) else Message("this is as far as it goes")

    def reset(self):
        """Look from where one begins."""
        self.session.gaze.reset()

    def play(self):
        """Play the signal's way, or stop."""
        if not self.passage.stop():
            self.passage.start()

    def close(self):
        """Stop playing."""
        self.passage.stop()
        super().close()


def side_by_side(starts, width, left, right):
    """Return where columns of a ``width`` start, each as near its place as those before and behind it let it be."""
    order = np.argsort(starts, kind="stable")
    steps, found = width * np.arange(len(starts)), np.empty(len(starts))
    least = np.maximum.accumulate(np.maximum(starts[order] - steps, left))
    most = right - width * len(starts)
    found[order] = np.minimum(least, most) + steps
    return found
