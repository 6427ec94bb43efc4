"""The strongest connections between the layers, in the colours of their signs."""

import numpy as np

from neuralscope.analysis.connections import layer_inputs, strongest_connections
from neuralscope.formatting import decimals_needed, number, product_factors, sign_word, signed, thousands
from neuralscope.visualizer.drawing.focus_ring import QuadBounds
from neuralscope.visualizer.drawing.lines3d import Lines3D
from neuralscope.visualizer.drawing.theme import rgb
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.widgets.hidden_layers import neuron_contribution_runs, neuron_name
from neuralscope.visualizer.widgets.panel import Panel

MIN_OPACITY, MAX_OPACITY = 0.3, 0.9
MIN_LINE_WIDTH, MAX_LINE_WIDTH = 0.9, 2.4  # units
POINTING_REACH = 4  # units beside a line in which the mouse points at it


class StrongestConnections(Panel):
    """The connections into each layer; ``is_unobstructed(x, y)`` says whether nothing else is pointed at there."""

    selects_class = True  # that of an output it leads to

    def __init__(self, surface, layers):
        """Make the lines into so many ``layers``."""
        super().__init__(surface)
        self.lines = [self.add(Lines3D()) for _ in range(layers)]
        self.layer_connections, self._found_for = [], None
        self.is_unobstructed = lambda x, y: True

    def update(self, session, trace):
        """Find the strongest connections, where the digit, the network or their number is another than before."""
        count = session.camera.connection_count(len(self.lines))
        if self._found_for is None or self._found_for[0] is not trace or self._found_for[1] != count:
            self._found_for = trace, count
            self.layer_connections = [strongest_connections(session.network, trace, layer, count)
                                      for layer in range(len(self.lines))]
            self.line_styles = [self._line_styles(connections.contributions) for connections in self.layer_connections]

    def _line_styles(self, contributions):
        """Return the colours and widths of lines: the stronger, the brighter and the wider."""
        shares = np.abs(contributions) / (np.abs(contributions).max() if len(contributions) else 1)
        colors = np.empty((len(contributions), 4))
        for role, mask in (("positive", contributions > 0), ("negative", contributions < 0)):
            colors[mask, :3] = np.divide(rgb(getattr(self.theme, role)), 255)
        colors[:, 3] = MIN_OPACITY + (MAX_OPACITY - MIN_OPACITY) * shares**2
        return colors, (MIN_LINE_WIDTH + (MAX_LINE_WIDTH - MIN_LINE_WIDTH) * shares) * max(1, self.surface.scale)

    def aim(self, room, points, layers_light):
        """Draw the lines: ``points(layer, numbers)`` returns where neurons of a layer are seen, 0 the pixels."""
        for layer, (strands, connections, (colors, widths)) in enumerate(
                zip(self.lines, self.layer_connections, self.line_styles, strict=True)):
            ends = np.stack([points(layer, connections.sources), points(layer + 1, connections.targets)], axis=1)
            # the strongest on top
            strands.set_lines(ends[::-1], colors[::-1], widths[::-1], connections.contributions[::-1] < 0)
            strands.room, strands.light = room, layers_light[layer]
        self.room, self.points = room, points

    # Cells: (place by size, layer that is led into)

    def grid(self, session):
        """Return a column for each layer that is led into, a row for each connection."""
        most = max(len(connections.contributions) for connections in self.layer_connections)
        return (most, len(self.layer_connections)) if most else None

    def first_cell(self, session):
        """Begin with the strongest into the outputs."""
        return 0, len(self.layer_connections) - 1

    def cell_at(self, session, x, y):
        """Return the connection at a point, the closest one."""
        for layer, strands in enumerate(self.lines):
            near = strands.nearest_line(x, y, POINTING_REACH)
            if near is not None and strands.light >= 1:
                return len(self.layer_connections[layer].contributions) - 1 - near, layer
        return None

    def describe(self, session, row, column):
        """Say what a connection carries."""
        connections = self.layer_connections[column]
        if not len(connections.contributions):
            return (self.run("nothing pushes here", color="text", bold=True),
                    self.run("all that could is at 0", gap=2)), None
        row = min(row, len(connections.contributions) - 1)
        return self.describe_connection(session, column, int(connections.sources[row]), int(connections.targets[row]),
                                        (row, column))

    def describe_connection(self, session, layer, source, target, cell=None):
        """Return the runs about the connection into ``layer`` (from 0) between two neurons, and its Frame."""
        ends = np.concatenate([self.points(layer, np.array([source])), self.points(layer + 1, np.array([target]))])
        at = self._describe_pointed(session, ends, cell) if cell else None
        rank = self.layer_connections[layer].index_of(source, target)
        return connection_runs(self, session, layer, source, target, rank), QuadBounds(ends, self.room, at)

    def _describe_pointed(self, session, ends, cell):
        """Return a point on a line at which the mouse finds its cell, or None."""
        along = (np.floor(ends[0] + at * (ends[1] - ends[0]))  # the mouse stands on whole pixels
                 for share in np.arange(0.5, 1, 0.04) for at in (share, 1 - share))
        return next((point for point in along if self.is_unobstructed(*point)
                     and self.cell_at(session, *point) == cell), None)

    def choose(self, session, row, column):
        """Choose a connection with both its ends; once more: open what explains the sum that it leads into."""
        connections, last = self.layer_connections[column], len(self.layer_connections) - 1
        if not len(connections.contributions):
            return None
        row = min(row, len(connections.contributions) - 1)
        source, target = int(connections.sources[row]), int(connections.targets[row])
        if session.selection.awaits_contrast_class:
            return session.selection.select_class(target) if column == last else None
        if session.selection.connection == (column, source, target):
            return OpenView("w" if column == last else "h")
        session.selection.select_connection(column, source, target)
        return None

    def default_description(self, session):
        """Say what the selected connection carries, else that of the selected neuron to the selected class, else the
        strongest of those drawn that pushes that class up.
        """
        if session.selection.connection:
            return self.describe_connection(session, *session.selection.connection)
        last, selected_class = len(self.layer_connections) - 1, session.selected_class
        into = np.flatnonzero(
            (self.layer_connections[last].targets == selected_class) & (self.layer_connections[last].contributions > 0)
        )
        if len(into) and session.layer not in session.selection.neurons:
            runs, frame = self.describe(session, int(into[0]), last)
            name = session.dataset.class_names[selected_class]
            return (*runs, self.run(f"none pushes {name} up more", gap=2)) if into[0] else runs, frame
        source = session.neuron if last else int(session.attribution.contributions.argmax())
        runs, frame = self.describe_connection(session, last, source, selected_class)
        return (*runs, *self._contrast_runs(session, source)), frame

    def _contrast_runs(self, session, source):
        """Return the runs that say what a neuron does in the lead of the selected class over another."""
        attribution, value = session.attribution, float(session.attribution.inputs[source])
        if session.contrast_class is None or not attribution.contributions[source]:
            return []
        return neuron_contribution_runs(self, session, source, value, 2)


def connection_runs(panel, session, layer, source, target, rank):
    """Return the runs that say what a connection carries, and its ``rank`` by size: from 0, None if it is not drawn.
    """
    network, value = session.network, float(layer_inputs(session.trace, layer)[source])
    ablated = layer > 0 and session.is_ablated(layer - 1, source)
    weight = float((session.base_network if ablated else network).layers[layer].weights[source, target])
    last = layer == len(network.layers) - 1
    into = f"output {session.dataset.class_names[target]}" if last else neuron_name(session, layer, target)
    begin = neuron_name(session, layer - 1, source) if layer else (
        session.inputs.name(source))
    figures, contribution = {"color": "text", "mono": True, "gap": 1.5}, value * weight
    runs = [panel.run(f"{begin} → {into}", color="text", bold=True)]
    if ablated or not contribution:
        gives = "would give" if ablated else "activation" if layer else session.inputs.quantity
        return (*runs, panel.run(gives, gap=2), panel.run(number(value), **figures),
                panel.run("weight", gap=2), panel.run(signed(weight, decimals_needed(weight, 3)), **figures),
                panel.run("but it is silenced: held at 0, it pushes nothing" if ablated else "so it pushes nothing",
                          gap=2))
    color = {**figures, "color": sign_word(contribution)}
    into = "into the outputs" if last else f"into layer {layer + 1}"
    where = "not among those drawn" if rank is None else (
        f"number {thousands(rank + 1)} by size {into}" if rank else f"the strongest {into}")
    return (*runs, panel.run(f"pushes by {'activation' if layer else session.inputs.quantity} × weight", gap=2),
            panel.run(f"{product_factors(value, weight)} =", **figures),
            panel.run(signed(contribution, decimals_needed(contribution)), **color), panel.run(where, gap=2))
