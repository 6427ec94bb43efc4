"""The line of snapshots: a knob at the one that is shown, their epochs below."""

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT, rgb
from neuralscope.visualizer.views.snapshots.epoch_axis import OnAxis

THICK, KNOB, TICK = 3, (8, 18), (2, 7)  # units
REACH = 11  # units above and below the line in which the mouse takes hold of the knob


class Timeline(OnAxis):
    """A slider along the snapshots' axis."""

    def __init__(self, painter, axis):
        """Make line, knob and labels."""
        super().__init__(painter, axis)
        self.line, self.done = self.add(Block(self.theme.hairline)), self.add(Block(self.theme.others))
        self.ticks, self.knob = self.add(Blocks()), self.add(Block(self.theme.accent, zorder=1.3))
        self.name_line = self.add(Line(align="right"))
        self.now = self.add(Line())
        self.labels = []

    def place(self, y, right):
        """Stand at a height, the labels below it; words may go to ``right``."""
        self.middle, self.box = y, (self.axis.left, y - REACH, self.axis.width, 2 * REACH)
        self.name_line.x, self.name_line.y = self.axis.left - 12, y - 3.5 * self.painter.leading
        self.now.x, self.now.y = self.axis.left + self.axis.width + 12, self.name_line.y
        self.now.max_width = right - self.now.x

    def update(self, session, trace):
        """Show where it stands."""
        past, (left, _, width, _) = session.past, self.box
        self.at = past.place_of(session.whole) or 0
        x = self.axis.x(self.at)
        self.line.set_bounds(left, self.middle - THICK / 2, width, THICK)
        self.done.set_bounds(left, self.middle - THICK / 2, x - left, THICK)
        self.knob.set_bounds(x - KNOB[0] / 2, self.middle - KNOB[1] / 2, *KNOB)
        at = self.axis.x(np.arange(self.axis.count))
        bounds = [(one - TICK[0] / 2, self.middle - TICK[1] / 2, *TICK) for one in at]
        self.ticks.set_blocks(bounds, [(*rgb(self.theme.faint), 255)] * len(bounds))
        self.name_line.set_runs((self.run("epoch"),))
        epoch = self.run(thousands(int(past.epochs[self.at])), READOUT, "text", mono=True, bold=True)
        self.now.set_runs((epoch, self.run(f"of {thousands(past.snapshots.last)}", gap=1)), (epoch,))
        self._label([thousands(int(epoch)) for epoch in past.epochs])

    def _label(self, words):
        """Write the epochs below as many snapshots as there is room for, the last one always."""
        while len(self.labels) < len(words):
            self.labels.append(self.add(Line(align="center")))
        widths = [self.name_line.measure(self.key_end(one)) for one in words]
        step = next(step for step in range(1, len(words) + 1) if step == len(words) or all(
            self.axis.x(place + step) - self.axis.x(place) > (widths[place] + widths[place + step]) / 2 + 8
            for place in range(0, len(words) - step, step)))
        last = len(words) - 1
        free = self.axis.x(last) - widths[last] / 2 - 8
        for place, label in enumerate(self.labels):
            shown = place == last or (place < last and place % step == 0
                                      and self.axis.x(place) + widths[place] / 2 < free)
            label.x, label.y = self.axis.x(place), self.middle - 24 * self.painter.leading
            label.set_runs(self.key_end(words[place]) if shown else ())

    def grasp(self, session, x, y, button):
        """Take the knob to the point."""
        if button != 1 or self.spot_at(session, x, y) is None:
            return None
        self.session = session
        self.drag(x, y)
        return self

    def drag(self, x, y):
        """Take the knob along."""
        if (place := self.axis.place(x)) != self.session.past.place_of(self.session.whole):
            self.session.go_to_snapshot(place)

    def release(self):
        """Leave the knob where it is."""

    def account(self, session, row, column):
        """Say which snapshot it is, and how well it read."""
        past = session.past
        wrong, count = int(past.errors[column]), len(past.digits)
        x = self.axis.x(column)
        return (self.run(f"epoch {thousands(int(past.epochs[column]))}", color="text", bold=True),
                self.run(f"snapshot {column + 1} of {len(past)}", gap=2), self.run("misread", gap=2),
                self.run(f"{thousands(wrong)} of {thousands(count)}", color="text", mono=True, gap=1.5),
                self.run("test digits; a click or Enter: all views show the network as it was then", gap=1)), (
                    x - KNOB[0] / 2, self.middle - KNOB[1] / 2, *KNOB)
