"""The network in three dimensions: sheets of pixels and neurons, and the strongest connections between them."""

import numpy as np

from neuralscope.visualizer.app.playback import SignalPlayback
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.drawing.projection import Projection, Scene
from neuralscope.visualizer.input.keys import ARROW_KEYS, Binding, KeyTable
from neuralscope.visualizer.input.results import Say
from neuralscope.visualizer.session.camera import CameraDrag
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.panel import inside
from neuralscope.visualizer.widgets.view import View

ROTATION_DEGREES = 6.0  # a key turns by so much
ZOOM_FACTOR = 1.2  # a key, or a step of the wheel, comes closer by this factor
MIN_ASPECT = 0.95  # times that the room is as wide as high, at least
LABELS_WIDTH = 140  # units that name and caption of a sheet take at least
ZORDER_RANGE = 1.1, 1.8  # the drawing orders of what lies farthest and nearest


class Network3DView(View):
    """Everything stands in one scene, which is turned; the outputs' figures stand beside it."""

    key, title, key_index = "o", "network", 4
    bindings = KeyTable([
        Binding(ARROW_KEYS, "turn", "turn the network; the mouse turns it by dragging", "turn", takes_key=True),
        Binding(("+",), "show_more_connections", "draw more of the strongest connections", "more"),
        Binding(("-",), "show_fewer_connections", "draw fewer of them", "fewer"),
        Binding((" ",), "play", "play the signal's way through the layers, or stop", "play"),
        Binding((".",), "zoom_in", "come closer; with the mouse: its wheel", "closer"),
        Binding((",",), "zoom_out", "go farther away", "farther"),
        Binding(("r",), "reset", "look from where it began; another mouse button moves the network", "reset"),
    ])

    def __init__(self, surface, session):
        """Make the panels."""
        from neuralscope.visualizer.views.network3d.connection_summary import ConnectionSummary
        from neuralscope.visualizer.views.network3d.output_nodes import OutputNodes
        from neuralscope.visualizer.views.network3d.sheets import DigitSheet3D, LayerSheet3D
        from neuralscope.visualizer.views.network3d.strongest_connections import StrongestConnections

        super().__init__(surface, session)
        layers = session.network.layers
        self.digit = DigitSheet3D(surface, session.inputs)
        self.sheets = [self.digit, *(LayerSheet3D(surface, layer, layers[:-1]) for layer in range(len(layers) - 1))]
        self.connections, self.output_nodes = StrongestConnections(surface, len(layers)), OutputNodes(surface)
        self.connections.is_unobstructed = lambda x, y: not self._before_connections(x, y)
        self.connection_summary = ConnectionSummary(surface, self.connections)
        self.outputs = Outputs(surface, session.dataset.class_names, layers[-1].activation)
        self.panels = [*self.sheets, self.connections, self.connection_summary, self.output_nodes, self.outputs]
        self.playback = SignalPlayback(surface.figure.canvas, lambda: self.apply(None))

    def place(self):
        """The scene at the left, names and keys below it, figures at the right."""
        super().place()
        lead, scale, page = self.surface.leading, self.surface.scale, self.surface.page()
        outputs = page.right_of(self.surface.x(0.735))
        scene = page.left_of(outputs.left - 16 * scale)
        below = max(page.bottom + 74 * lead, page.top - scene.width / MIN_ASPECT)
        scene = scene.above(below)
        self.room = scene._replace(height=scene.height - 6 * lead)
        self.space = Scene([sheet.shape for sheet in self.sheets], len(self.session.dataset.class_names),
                           scene.width / scene.height)
        for sheet in self.sheets:
            sheet.place(scene.left, scene.bottom, scene.width)
        self.connection_summary.place(scene.left, scene.right, scene.top + 10 * scale)
        self.outputs.place(Box.hanging(*outputs.top_left, outputs.width, scene.height))  # half a pixel falls as before

    def update(self):
        """Show what the session shows, from where the person looks."""
        super().update()
        self.session.camera.keep_within(*self.room[2:])
        self.projection = Projection(self.session.camera, self.inner_room(), self.space.corners())
        grown, lit = self.playback.lights(len(self.sheets))
        for number, (sheet, light) in enumerate(zip(self.sheets, [1.0, *lit], strict=False)):
            pane = sheet.picture
            pane.plane, pane.room, pane.light = self.projection.plane(self.space.frame(number)), self.room, light
            is_selected = number and number - 1 == self.session.layer
            pane.edge = self.surface.theme.muted if is_selected else self.surface.theme.faint
        self._name_sheets()
        self.connections.aim(self.room, self.points, grown)
        rows = np.array([(self.outputs.box[0] - 8, self.outputs.middle(row))
                         for row in range(len(self.space.outputs))])
        self.output_nodes.aim(self.room, self.projection.project(self.space.outputs), rows, lit[-1])
        self._order()

    def _name_sheets(self):
        """Put each name below the left edge of its sheet, in columns beside each other."""
        left, below, width, _ = self.room
        column = min(width / len(self.sheets), LABELS_WIDTH * self.surface.leading)
        edges = np.array([sheet.picture.outline()[:, 0].min() for sheet in self.sheets])
        starts = place_columns(edges, column, left, left + width)
        for sheet, start in zip(self.sheets, starts, strict=True):
            sheet.place(start, below, min(end for end in (*starts, left + width) if end > start) - start)

    def inner_room(self):
        """Return the room without a margin, into which the glow reaches."""
        left, bottom, width, height = self.room
        pad = 14 * self.surface.scale
        return left + pad, bottom + pad, width - 2 * pad, height - 2 * pad

    def _order(self):
        """Let what is nearer be drawn later: sheets, outputs, and the lines between two of them."""
        places = self.space.layer_positions
        between = (places[1:] + places[:-1]) / 2
        artists = [*(sheet.picture for sheet in self.sheets), self.output_nodes.dots, *self.connections.lines]
        order = self.projection.order([*places, *between])
        for depth, number in zip(np.linspace(*ZORDER_RANGE, len(artists)), order, strict=True):
            artists[number].set_zorder(depth)
        self.output_nodes.lead_lines.set_zorder(self.output_nodes.dots.get_zorder() - 0.001)

    def points(self, layer, numbers):
        """Return where neurons of a layer are seen, (n, 2) in units; layer 0 are the pixels, the last the outputs."""
        if layer == len(self.sheets):
            return self.projection.project(self.space.outputs[numbers])
        return self.projection.project(self.space.cells(layer, self.sheets[layer].cells_of(numbers)))

    # What the mouse finds

    def panel_at(self, x, y):
        """Return what is pointed at: a lamp, else the cell that lies in front, else the closest connection."""
        return self._before_connections(x, y) or super().panel_at(x, y)

    def _before_connections(self, x, y):
        """Return the output node, or the nearest sheet with its cell, at a point."""
        nearest = sorted(self.sheets, key=lambda sheet: -sheet.picture.get_zorder())
        panel_cells = ((part, part.cell_at(self.session, x, y)) for part in (self.output_nodes, *nearest))
        return next((found for found in panel_cells if found[1] is not None), None)

    def start_drag(self, x, y, button):
        """Take hold of the scene: to turn it, with another button than the first to move it."""
        return (CameraDrag(self.session.camera, x, y, button) if inside(self.room, x, y)
                else super().start_drag(x, y, button))

    def scroll(self, x, y, steps):
        """Come closer to a point."""
        found = inside(self.room, x, y)
        if found:
            left, bottom, width, height = self.room
            self.session.camera.zoom_by(ZOOM_FACTOR**steps, x - left - width / 2, y - bottom - height / 2)
        return found

    def default_description(self):
        """Say what the selected connection carries, or one to the selected class; in an inner layer, of its neuron."""
        session = self.session
        if session.selection.connection or session.layer >= session.layers - 1:
            runs, frame = self.connections.default_description(session)
        else:
            sheet = self.sheets[session.layer + 1]
            runs, frame = sheet.describe(session, *sheet.cell_of(session.neuron))
        return runs, None if self.playback.playing else frame

    def clear_focus(self):
        """Put the cursor away, or stop playing; say whether there was something to end."""
        return super().clear_focus() or self.playback.stop()

    # What the keys do

    def turn(self, key):
        """Turn the network."""
        right, up = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[key]
        turned = self.session.camera.turn(right * ROTATION_DEGREES, up * ROTATION_DEGREES)
        return None if turned else Say("it turns no farther up or down")

    def show_more_connections(self):
        """Draw more connections."""
        return None if self.session.camera.step(len(self.sheets), 1) else Say("more would hide each other")

    def show_fewer_connections(self):
        """Draw fewer connections."""
        return None if self.session.camera.step(len(self.sheets), -1) else Say("these are the fewest")

    def zoom_in(self):
        """Come closer."""
        return None if self.session.camera.zoom_by(ZOOM_FACTOR) else Say("this is as close as it comes")

    def zoom_out(self):
        """Go farther away."""
        return None if self.session.camera.zoom_by(1 / ZOOM_FACTOR) else Say("this is as far as it goes")

    def reset(self):
        """Look from where one begins."""
        self.session.camera.reset()

    def play(self):
        """Play the signal's way, or stop."""
        if not self.playback.stop():
            self.playback.start()

    def close(self):
        """Stop playing."""
        self.playback.stop()
        super().close()


def place_columns(starts, width, left, right):
    """Return where columns of a ``width`` start, each as near its place as those before and behind it let it be."""
    order = np.argsort(starts, kind="stable")
    steps, found = width * np.arange(len(starts)), np.empty(len(starts))
    least = np.maximum.accumulate(np.maximum(starts[order] - steps, left))
    most = right - width * len(starts)
    found[order] = np.minimum(least, most) + steps
    return found
