"""How the answer to the digit shown came about: its outputs over the epochs."""

import numpy as np

from neuralscope.formatting import finite, thousands
from neuralscope.visualizer.drawing.shapes import Block, ChartLine
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import NAME_PT
from neuralscope.visualizer.session.training_history import first_trained_index, stays_true_from
from neuralscope.visualizer.views.snapshots.epoch_axis import EpochChart, spread_heights
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS

# an output that was never above the first is hardly drawn; its peak is named above the second
MIN_VISIBLE_PEAK, MIN_NAMED_PEAK = 0.05, 0.15
MIN_LABEL_GAP = 14.5  # units between the labels of two curves


def epoch_text(epochs, snapshot, word="from"):
    """Say in words from which epoch on something is so that is so from a snapshot on."""
    if not snapshot:
        return "from the start"
    # what happened between snapshots nobody knows
    word = word if epochs[snapshot] == epochs[snapshot - 1] + 1 else "by"
    return f"{word} epoch {thousands(int(epochs[snapshot]))}"


def learning_outcome(epochs, last, answers, truth, names):
    """Return what became of a digit that was answered so, (n,), in a training of ``epoch_count`` epochs.

    It is a mark, the role of its colour, words, and a place or None.
    """
    if not epochs[-1]:
        return "", "text", "nothing is learned yet", None
    over, first = epochs[-1] == last, first_trained_index(epochs)
    right = answers[first:] == (answers[-1] if truth is None else truth)
    snapshot = first + int(stays_true_from(right if right[-1] else ~right))
    if truth is None:
        return "", "text", f"reads {names[answers[-1]]} {epoch_text(epochs, snapshot)}", snapshot
    if right[-1]:
        return "✓", "right", f"right {'for good' if over else 'so far,'} {epoch_text(epochs, snapshot)}", snapshot
    if right.any():
        return "✗", "wrong", f"forgotten{'' if over else ' so far'}: wrong {epoch_text(epochs, snapshot)}", snapshot
    return "✗", "wrong", "never right" if over else "not right so far", None


class ProbabilityCurves(EpochChart):
    """A curve for each class, named at its end; where the digit is read right for good, or forgotten, is marked."""

    def __init__(self, surface, axis, class_names, head):
        """Make the labels; ``head`` is the name of the output function."""
        super().__init__(surface, axis)
        self.class_names, self.output_text = class_names, OUTPUT_TEXTS[head]
        self.names = [self.add(Line()) for _ in class_names]
        self.peaks = [self.add(Line(align="center")) for _ in class_names]
        self.rest, self.event_sign = self.add(Line()), self.add(Line())
        self.event_line = self.add(Block(self.theme.right))

    def widest(self):
        """Return the room that the labels at the curves' ends take."""
        measure, count = self.rest.measure, len(self.class_names)
        words = [self._label(name, 1.0) for name in self.class_names] + [self._others_label(count)]
        return max(map(measure, words)) + 10

    def update(self, session, trace):
        """Draw the curves."""
        history, names = session.training_history, session.dataset.class_names
        self.outputs = outputs = history.outputs(session.image, session.ablated)
        self.predictions = outputs.argmax(axis=1)
        at = history.index_of(session.base_network) or 0
        self.set_ticks(list(self.output_text.ticks.items()), at)
        main = int(self.predictions[-1]) if session.truth is None else session.truth
        self.curves.set_curves(self._curves(outputs, main))
        self.outcome = mark, color, words, snapshot = learning_outcome(
            history.epochs, history.snapshots.epoch_count, self.predictions, session.truth, names)
        self._mark_event(mark, color, snapshot)
        self._name(outputs, main)
        note = (self.run(" ".join(filter(None, (mark, words))), NAME_PT, color, bold=True),)
        plural = self.output_text.plural
        self.set_title([self.name(f"its {len(names)} {plural}, epoch by epoch"),
                        self.name(f"its {len(names)} {plural}"), self.name(f"its {plural}"), self.name(plural), ()],
                       [note])

    def _curves(self, outputs, main):
        seen = outputs[1 % len(outputs):].max(axis=0) >= MIN_VISIBLE_PEAK  # before the first step it is chance
        order = sorted(range(len(seen)), key=lambda class_index: (class_index == main, seen[class_index]))
        theme = self.theme
        return [(ChartLine(self.points(outputs[:, class_index].astype(np.float64)), theme.text, 2, True)
                 if class_index == main else ChartLine(self.points(outputs[:, class_index].astype(np.float64)),
                                                       theme.others if seen[class_index] else theme.hairline,
                                                       1.6 if seen[class_index] else 1)) for class_index in order]

    def _label(self, name, value, bold=False):
        color = {"color": "text"} if bold else {}
        return self.run(name, bold=bold, **color), self.run(self.output_text.write(value), mono=True, gap=1.5, **color)

    def _others_label(self, count):
        return (self.run(f"{count} others"), self.run(self.output_text.write(0), mono=True, gap=1.5))

    def _name(self, outputs, main):
        """Name the curves at their ends, those of next to nothing as one, and at their peaks those that had one."""
        last = outputs[-1]
        order = [int(class_index) for class_index in np.argsort(-last, kind="stable")]
        named = [class_index for class_index in order if class_index == main
                 or not self.output_text.is_least(last[class_index])]
        if len(named) >= len(order) - 1:
            named = order
        others, gap = len(order) - len(named), MIN_LABEL_GAP * self.surface.leading
        heights = [float(self.y(finite(last[class_index]))) for class_index in named] + [self.box[1]] * (others > 0)
        heights = spread_heights(heights, gap, self.box[1], self.box[1] + self.box[3])
        x = self.axis.left + self.axis.width + 10
        for line in (*self.names, self.rest):
            line.set_runs(())
        for class_index, height in zip(named, heights, strict=False):
            self._place_label(self.names[class_index], x, height,
                              self._label(self.class_names[class_index], last[class_index], class_index == main))
        if others:
            self._place_label(self.rest, x, heights[-1], self._others_label(others))
        self._name_peaks(outputs, {*named, main})

    def _name_peaks(self, outputs, named):
        """Name at its highest point each curve that has no name at its end, where no other name stands."""
        taken = [(self.event_sign.x, self.event_sign.y)]
        for class_index, peak in enumerate(self.peaks):
            snapshot, peak_runs = int(outputs[:, class_index].argmax()), ()
            at = float(self.axis.x(snapshot)), float(self.y(finite(outputs[snapshot, class_index]))) + 5
            free = all(abs(at[0] - x) > 26 or abs(at[1] - y) > 13 for x, y in taken)
            if class_index not in named and outputs[snapshot, class_index] >= MIN_NAMED_PEAK and snapshot and free:
                peak_runs = (self.run(self.class_names[class_index]),)
                taken.append(at)
            peak.x, peak.y = at
            peak.set_runs(peak_runs)

    def _place_label(self, line, x, height, runs):
        line.x, line.y = x, height - 3.5 * self.surface.leading
        line.set_runs(runs)

    def _mark_event(self, mark, color, snapshot):
        """Draw a line where the digit was learned or forgotten; what never was has none."""
        _, bottom, _, height = self.box
        has_event = snapshot is not None and snapshot > 0
        self.event_line.set_facecolor(getattr(self.theme, color))
        x = self.axis.x(snapshot or 0)
        self.event_line.set_bounds(x - 0.5, bottom, has_event, height)
        self.event_sign.x, self.event_sign.y = x + 5, bottom + height - 13 * self.surface.leading
        self.event_sign.set_runs((self.run(mark, color=color, bold=True),) if has_event and mark else ())

    # Cells: a row for each class

    def grid(self, session):
        """Return a row for each class, and a column for each snapshot."""
        return len(self.class_names), self.axis.count

    def first_cell(self, session):
        """Begin with the answer at the snapshot shown."""
        return int(session.trace.predictions[0]), super().first_cell(session)[1]

    def cell_at(self, session, x, y):
        """Return the curve closest to a point."""
        found = super().cell_at(session, x, y)
        if found is None:
            return None
        outputs = session.training_history.outputs(session.image, session.ablated)
        return int(np.argmin(np.abs(self.y(outputs[found[1]]) - y))), found[1]

    def describe(self, session, row, column):
        """Say what a class was given then, and at the snapshots before and after."""
        history = session.training_history
        outputs = history.outputs(session.image, session.ablated)
        figure = {"color": "text", "mono": True, "gap": 1.5}
        epochs = [thousands(int(epoch)) for epoch in history.epochs]
        runs = [
            self.run(f"{self.class_names[row]} at epoch {epochs[column]}", color="text", bold=True),
            self.run(self.output_text.name, gap=2),
            self.run(self.output_text.write(outputs[column, row]), **figure),
        ]
        if column:
            runs += [self.run(f"epoch {epochs[column - 1]}", gap=2),
                     self.run(self.output_text.write(outputs[column - 1, row]), **figure)]
        answer = self.class_names[int(outputs[column].argmax())]
        runs += [self.run(f"read then as {answer}", gap=2),
                 self.run("a click or Enter: the network as it was then", gap=2)]
        return tuple(runs), self.ring(column, finite(float(outputs[column, row])))
