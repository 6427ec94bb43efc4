"""What is drawn of the connections, which share of all push it covers, and what the colours mean."""

from dataclasses import replace

import numpy as np

from neuralscope.formatting import number, thousands
from neuralscope.visualizer.drawing.lines3d import Lines3D
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, rgb
from neuralscope.visualizer.widgets.panel import Panel, inside

KEY_LINE_LENGTH = 22  # units: the length of a line in the key


class ConnectionSummary(Panel):
    """A line above the network, and a key; where they are pointed at, the readout says how the share is counted, and
    what a line's width says.
    """

    def __init__(self, surface, web):
        """Make the lines; ``connections`` has what is drawn."""
        super().__init__(surface)
        self.connections = web
        self.line, self.legend = self.add(Line()), self.add(Line(align="right"))
        self.samples = self.add(Lines3D(glows=False))

    def place(self, left, right, y):
        """Stand on one height, from one side to the other."""
        self.line.x, self.legend.x = left, right
        self.line.y = self.legend.y = y
        sample = KEY_LINE_LENGTH * self.surface.leading
        signs = ("positive", "▲ pushes up"), ("negative", "▼ holds down")
        words = [self.run(word, color=role) for role, word in signs]
        space = (sample + 20 * self.surface.scale) / (0.32 * words[0].size * UNITS_PER_INCH / 72)
        self.legend.set_runs((words[0], replace(words[1], gap=space)))
        first = self.legend.bounds()[0]
        starts = np.array([first, right - self.legend.measure(words[1:])]) - sample - 6 * self.surface.scale
        level = y + 0.35 * words[0].size
        ends = np.full((2, 2, 2), level)
        ends[..., 0] = starts[:, None] + (0, sample)
        colors = np.array([[*np.divide(rgb(getattr(self.theme, role)), 255), 1] for role, _ in signs])
        self.samples.set_lines(ends, colors, np.full(2, 1.6 * max(1, self.surface.scale)), np.array([False, True]))
        self.samples.room = left, y - 20, right - left, 40
        self.line.max_width = starts[0] - left - 20 * self.surface.scale

    def update(self, session, trace):
        """Say how many there are."""
        shown, active, covered, total = self.totals()
        each, cover = thousands(session.camera.connection_count(len(self.connections.layer_connections))), share_text(
            covered, total
        )
        layers, many = f"the {each} strongest into each layer", f"{thousands(shown)} of {thousands(active)}"
        target = self.target_phrase(session)
        wordings = (f"{layers}: {many} {f'into{target}' if target else 'connections that push'}, with",
                    f"{layers}: {many} connections, with", f"{many} connections, with", f"{many} connections:",
                    f"{thousands(shown)}:")
        self.line.set_runs(*((self.run(words), self.run(f"{cover} of their push", color="text", gap=1))
                             for words in wordings))

    def target_phrase(self, session):
        """Say what the connections push that are counted, where some neurons are at 0."""
        at_zero = any(layer.activation == "relu" for layer in session.network.layers[:-1])
        return " firing neurons or outputs" if at_zero else ""

    def totals(self):
        """Return how many are drawn and how many push, and the sizes of their pushes added up, of both."""
        return tuple(sum(part) for part in zip(*((len(connections.contributions), connections.contributing_count,
                                                  connections.covered, connections.total)
                                                 for connections in self.connections.layer_connections), strict=True))

    def grid(self, session):
        """Return a cell for the line and one for the key."""
        return 1, 2

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        bounds = self.line.bounds(), self.legend.bounds()
        return next(((0, column) for column in range(2) if inside(bounds[column], x, y)), None)

    def describe(self, session, row, column):
        """Say how the share is counted, in all and into each layer; of the key, what a line says."""
        if column:
            return (self.run("a line", color="text", bold=True),
                    self.run("the strongest into each layer is widest and brightest, others as they compare with it",
                             gap=2), self.run("dashed: it holds down", gap=2)), self.legend.bounds()
        (_, _, covered, total), target = self.totals(), self.target_phrase(session)
        figures = {"color": "text", "mono": True, "gap": 1.5}
        runs = [self.run("share of the push", color="text", bold=True),
                self.run("drawn / all", gap=2),
                self.run(f"{number(covered)} / {number(total)} = {share_text(covered, total)}", **figures)]
        layers = [*map(str, range(1, len(self.connections.layer_connections))), "the outputs"]
        if len(layers) > 1:
            runs += [self.run(f"into layer{'s' * (len(layers) > 2)} {', '.join(layers)}", gap=2),
                     self.run(", ".join(share_text(connections.covered, connections.total)
                                        for connections in self.connections.layer_connections), **figures)]
        runs.append(self.run(f"sizes of the pushes{' on' * bool(target)}{target}, added up", gap=2))
        return tuple(runs), self.line.bounds()


def share_text(part, total):
    """Write a part of a whole in per cent; 0 % and 100 % are said of none and of all."""
    if not total or part >= total * (1 - 1e-9):
        return "100 %"
    hundredths = round(float(100 * part / total), 1)
    if hundredths >= 100:
        return "> 99.9 %"
    return f"{hundredths:.1f} %" if hundredths > 0 else "< 0.1 %" if part else "0 %"
