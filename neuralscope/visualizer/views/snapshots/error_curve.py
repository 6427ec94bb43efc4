"""How many test digits were misread, epoch by epoch."""

import math

import numpy as np

from neuralscope.formatting import share, signed_count, thousands
from neuralscope.visualizer.drawing.shapes import ChartLine
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views.snapshots.epoch_axis import MAX_TICKS, EpochChart


def count_ticks(low, high):
    """Return two or more round counts around two others: 0, and 1, 2 and 5 times powers of ten, or fewer of these."""
    for steps in ((1, 2, 5), (1, 5), (1,)):
        candidates = [0, *(step * 10**power for power in range(10) for step in steps)]
        first = max(index for index, tick in enumerate(candidates) if tick <= low)
        last = min(index for index, tick in enumerate(candidates) if tick >= high and tick > low)
        found = candidates[first:last + 1]
        if len(found) <= 5:
            break
    return found[:MAX_TICKS]


class ErrorCurve(EpochChart):
    """The errors of each snapshot, on an axis of ratios."""

    def __init__(self, surface, axis):
        """Make the label at the curve's end."""
        super().__init__(surface, axis)
        self.last = self.add(Line())

    def update(self, session, trace):
        """Draw the curve."""
        history = session.training_history
        marks = count_ticks(int(history.errors.min()), int(history.errors.max()))
        low, high = (math.log1p(end) for end in (marks[0], marks[-1]))
        self.shares = (np.log1p(history.errors) - low) / (high - low)
        at = history.index_of(session.base_network) or 0
        self.set_ticks([((math.log1p(tick) - low) / (high - low), thousands(tick)) for tick in marks], at)
        self.curves.set_curves([ChartLine(self.points(self.shares), self.theme.text, 2, True)])
        self.last.x = self.axis.left + self.axis.width + 10
        self.last.y = float(self.y(self.shares[-1])) - 3.5 * self.surface.leading
        self.last.set_runs((self.run("errors", bold=True, color="text"),
                            self.run(thousands(int(history.errors[-1])), color="text", mono=True, gap=1.5)))
        ablation_notes = [", all neurons awake", ", all awake"] if session.ablated else ["", ""]
        wrong = self.run(thousands(int(history.errors[at])), color="text", mono=True)
        count = thousands(len(history.digits))
        self.set_title([self.name(f"errors on all test {session.inputs.sample}s{ablation_notes[0]}"),
                        self.name(f"errors{ablation_notes[0]}"), self.name(f"errors{ablation_notes[1]}"), ()],
                       [(wrong, self.run(f"of {count} at epoch {thousands(int(history.epochs[at]))}", gap=0.8)),
                        (wrong, self.run(f"of {count}", gap=0.8))])

    def describe(self, session, row, column):
        """Say how many were misread then, and what has changed since the snapshot before."""
        history, figure = session.training_history, {"color": "text", "mono": True, "gap": 1.5}
        wrong, count = int(history.errors[column]), len(history.digits)
        runs = [self.run(f"epoch {thousands(int(history.epochs[column]))}", color="text", bold=True),
                self.run("errors", gap=2), self.run(f"{thousands(wrong)} of {thousands(count)}", **figure),
                self.run("right", gap=2), self.run(share(count - wrong, count), **figure)]
        if column:
            gained = int(np.count_nonzero(history.right[column] & ~history.right[column - 1]))
            lost = int(np.count_nonzero(history.right[column - 1] & ~history.right[column]))
            runs += [self.run(f"since epoch {thousands(int(history.epochs[column - 1]))}: newly right", gap=2),
                     self.run(thousands(gained), **figure), self.run("newly wrong", gap=2),
                     self.run(thousands(lost), **figure), self.run("errors", gap=2),
                     self.run(signed_count(lost - gained), **figure)]
        return tuple(runs), self.ring(column, float(self.shares[column]))
