"""How many test digits were misread, epoch by epoch."""

import math

import numpy as np

from neuralscope.formatting import change, share, thousands
from neuralscope.visualizer.drawing.shapes import ChartLine
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views.snapshots.epoch_axis import TICKS, Chart


def ticks(low, high):
    """Return two or more round counts around two others: 0, and 1, 2 and 5 times powers of ten, or fewer of these."""
    for steps in ((1, 2, 5), (1, 5), (1,)):
        every = [0, *(step * 10**power for power in range(10) for step in steps)]
        first = max(place for place, one in enumerate(every) if one <= low)
        last = min(place for place, one in enumerate(every) if one >= high and one > low)
        found = every[first:last + 1]
        if len(found) <= 5:
            break
    return found[:TICKS]


class ErrorCurve(Chart):
    """The errors of each snapshot, on an axis of ratios."""

    def __init__(self, painter, axis):
        """Make the label at the curve's end."""
        super().__init__(painter, axis)
        self.last = self.add(Line())

    def update(self, session, trace):
        """Draw the curve."""
        past = session.past
        marks = ticks(int(past.errors.min()), int(past.errors.max()))
        low, high = (math.log1p(end) for end in (marks[0], marks[-1]))
        self.shares = (np.log1p(past.errors) - low) / (high - low)
        at = past.place_of(session.whole) or 0
        self.mark([((math.log1p(one) - low) / (high - low), thousands(one)) for one in marks], at)
        self.curves.set_curves([ChartLine(self.points(self.shares), self.theme.text, 2, True)])
        self.last.x = self.axis.left + self.axis.width + 10
        self.last.y = float(self.y(self.shares[-1])) - 3.5 * self.painter.leading
        self.last.set_runs((self.run("errors", bold=True, color="text"),
                            self.run(thousands(int(past.errors[-1])), color="text", mono=True, gap=1.5)))
        awake = [", all neurons awake", ", all awake"] if session.silenced else ["", ""]
        wrong = self.run(thousands(int(past.errors[at])), color="text", mono=True)
        count = thousands(len(past.digits))
        self.say([self.name(f"errors on all test digits{awake[0]}"), self.name(f"errors{awake[0]}"),
                  self.name(f"errors{awake[1]}"), ()],
                 [(wrong, self.run(f"of {count} at epoch {thousands(int(past.epochs[at]))}", gap=0.8)),
                  (wrong, self.run(f"of {count}", gap=0.8))])

    def account(self, session, row, column):
        """Say how many were misread then, and what has changed since the snapshot before."""
        past, figure = session.past, {"color": "text", "mono": True, "gap": 1.5}
        wrong, count = int(past.errors[column]), len(past.digits)
        runs = [self.run(f"epoch {thousands(int(past.epochs[column]))}", color="text", bold=True),
                self.run("errors", gap=2), self.run(f"{thousands(wrong)} of {thousands(count)}", **figure),
                self.run("right", gap=2), self.run(share(count - wrong, count), **figure)]
        if column:
            gained = int(np.count_nonzero(past.right[column] & ~past.right[column - 1]))
            lost = int(np.count_nonzero(past.right[column - 1] & ~past.right[column]))
            runs += [self.run(f"since epoch {thousands(int(past.epochs[column - 1]))}: newly right", gap=2),
                     self.run(thousands(gained), **figure), self.run("newly wrong", gap=2),
                     self.run(thousands(lost), **figure), self.run("errors", gap=2),
                     self.run(change(lost - gained), **figure)]
        return tuple(runs), self.ring(column, float(self.shares[column]))
