"""The strongest connections between the layers, in the colours of their signs."""

import math

import numpy as np

from neuralscope.analysis.connections import given, strongest
from neuralscope.formatting import number, pixel_name, places, product, signed, thousands
from neuralscope.visualizer.drawing.focus_ring import Frame
from neuralscope.visualizer.drawing.lines3d import Strands
from neuralscope.visualizer.drawing.theme import rgb
from neuralscope.visualizer.widgets.hidden_layers import neuron_name, push_of
from neuralscope.visualizer.widgets.panel import Panel

FAINTEST, BRIGHTEST = 0.3, 0.9
THINNEST, WIDEST = 0.9, 2.4  # units
REACH = 4  # units beside a line in which the mouse points at it


class Web(Panel):
    """The connections into each layer; ``free(x, y)`` says whether nothing else is pointed at there."""

    chooses_class = True  # that of an output it leads to

    def __init__(self, painter, layers):
        """Make the lines into so many ``layers``."""
        super().__init__(painter)
        self.strands = [self.add(Strands()) for _ in range(layers)]
        self.found, self._of = [], None
        self.free = lambda x, y: True

    def update(self, session, trace):
        """Find the strongest connections, where the digit, the network or their number is another than before."""
        count = session.gaze.shown(len(self.strands))
        if self._of is None or self._of[0] is not trace or self._of[1] != count:
            self._of = trace, count
            self.found = [strongest(session.network, trace, layer, count) for layer in range(len(self.strands))]
            self.looks = [self._looks(one.pushes) for one in self.found]

    def _looks(self, pushes):
        """Return the colours and widths of lines: the stronger, the brighter and the wider."""
        shares = np.abs(pushes) / (np.abs(pushes).max() if len(pushes) else 1)
        colors = np.empty((len(pushes), 4))
        for role, those in (("positive", pushes > 0), ("negative", pushes < 0)):
            colors[those, :3] = np.divide(rgb(getattr(self.theme, role)), 255)
        colors[:, 3] = FAINTEST + (BRIGHTEST - FAINTEST) * shares**2
        return colors, (THINNEST + (WIDEST - THINNEST) * shares) * max(1, self.painter.scale)

    def aim(self, room, points, layers_light):
        """Draw the lines: ``points(layer, numbers)`` returns where neurons of a layer are seen, 0 the pixels."""
        for layer, (strands, one, (colors, widths)) in enumerate(
                zip(self.strands, self.found, self.looks, strict=True)):
            ends = np.stack([points(layer, one.sources), points(layer + 1, one.targets)], axis=1)
            strands.set_lines(ends[::-1], colors[::-1], widths[::-1], one.pushes[::-1] < 0)  # the strongest on top
            strands.room, strands.light = room, layers_light[layer]
        self.room, self.points = room, points

    # Spots: (place by size, layer that is led into)

    def grid(self, session):
        """Return a column for each layer that is led into, a row for each connection."""
        most = max(len(one.pushes) for one in self.found)
        return (most, len(self.found)) if most else None

    def first_spot(self, session):
        """Begin with the strongest into the outputs."""
        return 0, len(self.found) - 1

    def spot_at(self, session, x, y):
        """Return the connection at a point, the closest one."""
        for layer, strands in enumerate(self.strands):
            near = strands.near(x, y, REACH)
            if near is not None and strands.light >= 1:
                return len(self.found[layer].pushes) - 1 - near, layer
        return None

    def account(self, session, row, column):
        """Say what a connection carries."""
        one = self.found[column]
        if not len(one.pushes):
            return (self.run("nothing pushes here", color="text", bold=True),
                    self.run("all that could is at 0", gap=2)), None
        row = min(row, len(one.pushes) - 1)
        return self.tell(session, column, int(one.sources[row]), int(one.targets[row]), (row, column))

    def tell(self, session, layer, source, target, spot=None):
        """Return the runs about the connection into ``layer`` (from 0) between two neurons, and its Frame."""
        ends = np.concatenate([self.points(layer, np.array([source])), self.points(layer + 1, np.array([target]))])
        at = self._pointed_at(session, ends, spot) if spot else None
        place = self.found[layer].row_of(source, target)
        return connection_runs(self, session, layer, source, target, place), Frame(ends, self.room, at)

    def _pointed_at(self, session, ends, spot):
        """Return a point on a line at which the mouse finds its spot, or None."""
        along = (np.floor(ends[0] + at * (ends[1] - ends[0]))  # the mouse stands on whole pixels
                 for share in np.arange(0.5, 1, 0.04) for at in (share, 1 - share))
        return next((point for point in along if self.free(*point) and self.spot_at(session, *point) == spot), None)

    def choose(self, session, row, column):
        """Choose a connection with both its ends; once more: open what explains the sum that it leads into."""
        one, last = self.found[column], len(self.found) - 1
        if not len(one.pushes):
            return None
        row = min(row, len(one.pushes) - 1)
        source, target = int(one.sources[row]), int(one.targets[row])
        if session.awaits_versus:
            return session.ask(target) if column == last else None
        if session.connection == (column, source, target):
            return "w" if column == last else "h"
        session.choose_connection(column, source, target)
        return None

    def at_rest(self, session):
        """Say what the connection chosen carries, else that of the neuron chosen to the class asked about, else the
        strongest of those drawn that pushes that class up.
        """
        if session.connection:
            return self.tell(session, *session.connection)
        last, chosen = len(self.found) - 1, session.chosen
        into = np.flatnonzero((self.found[last].targets == chosen) & (self.found[last].pushes > 0))
        if len(into) and session.layer not in session.chosen_neurons:
            runs, frame = self.account(session, int(into[0]), last)
            name = session.dataset.class_names[chosen]
            return (*runs, self.run(f"none pushes {name} up more", gap=2)) if into[0] else runs, frame
        source = session.neuron if last else int(session.ledger.pushes.argmax())
        runs, frame = self.tell(session, last, source, chosen)
        return (*runs, *self._against(session, source)), frame

    def _against(self, session, source):
        """Return the runs that say what a neuron does in the lead of the class asked about over another."""
        account, value = session.ledger, float(session.ledger.inputs[source])
        if session.versus is None or not account.pushes[source]:
            return []
        return push_of(self, session, source, value, 2)


def connection_runs(panel, session, layer, source, target, place):
    """Return the runs that say what a connection carries, and its ``place`` by size: from 0, None if it is not drawn.
    """
    network, value = session.network, float(given(session.trace, layer)[source])
    silenced = layer > 0 and session.is_silenced(layer - 1, source)
    weight = float((session.whole if silenced else network).layers[layer].weights[source, target])
    last = layer == len(network.layers) - 1
    into = f"output {session.dataset.class_names[target]}" if last else neuron_name(session, layer, target)
    begin = neuron_name(session, layer - 1, source) if layer else (
        pixel_name(*divmod(source, math.isqrt(network.sizes[0]))))
    figures, push = {"color": "text", "mono": True, "gap": 1.5}, value * weight
    runs = [panel.run(f"{begin} → {into}", color="text", bold=True)]
    if silenced or not push:
        gives = "would give" if silenced else "activation" if layer else "ink"
        return (*runs, panel.run(gives, gap=2), panel.run(number(value), **figures),
                panel.run("weight", gap=2), panel.run(signed(weight, places(weight, 3)), **figures),
                panel.run("but it is silenced: held at 0, it pushes nothing" if silenced else "so it pushes nothing",
                          gap=2))
    color = {**figures, "color": "negative" if push < 0 else "positive"}
    into = "into the outputs" if last else f"into layer {layer + 1}"
    where = "not among those drawn" if place is None else (
        f"number {thousands(place + 1)} by size {into}" if place else f"the strongest {into}")
    return (*runs, panel.run(f"pushes by {'activation' if layer else 'ink'} × weight", gap=2),
            panel.run(f"{product(value, weight)} =", **figures),
            panel.run(signed(push, places(push)), **color), panel.run(where, gap=2))
