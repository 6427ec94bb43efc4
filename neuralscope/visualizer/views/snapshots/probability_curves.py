"""How the answer to the digit shown came about: its outputs over the epochs."""

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.shapes import Block, ChartLine
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import NAME
from neuralscope.visualizer.session.training_history import begin, settled
from neuralscope.visualizer.views.snapshots.epoch_axis import Chart, apart
from neuralscope.visualizer.widgets.function_text import HEADS

SHARES = (0, 0.25, 0.5, 0.75, 1)
SEEN, NAMED = 0.05, 0.15  # an output that was never above the first is hardly drawn; its peak is named above the second
GAP = 14.5  # units between the labels of two curves


def when(epochs, place, word="from"):
    """Say in words from which epoch on something is so that is so from a snapshot on."""
    if not place:
        return "from the start"
    word = word if epochs[place] == epochs[place - 1] + 1 else "by"  # what happened between snapshots nobody knows
    return f"{word} epoch {thousands(int(epochs[place]))}"


def story(epochs, last, answers, truth, names):
    """Return what became of a digit that was answered so, (n,), in a training of ``last`` epochs.

    It is a mark, the role of its colour, words, and a place or None.
    """
    if not epochs[-1]:
        return "", "text", "nothing is learned yet", None
    over, first = epochs[-1] == last, begin(epochs)
    right = answers[first:] == (answers[-1] if truth is None else truth)
    place = first + int(settled(right if right[-1] else ~right))
    if truth is None:
        return "", "text", f"reads {names[answers[-1]]} {when(epochs, place)}", place
    if right[-1]:
        return "✓", "right", f"right {'for good' if over else 'so far,'} {when(epochs, place)}", place
    if right.any():
        return "✗", "wrong", f"forgotten{'' if over else ' so far'}: wrong {when(epochs, place)}", place
    return "✗", "wrong", "never right" if over else "not right so far", None


class Course(Chart):
    """A curve for each class, named at its end; where the digit is read right for good, or forgotten, is marked."""

    def __init__(self, painter, axis, class_names, head):
        """Make the labels; ``head`` is the name of the output function."""
        super().__init__(painter, axis)
        self.class_names, self.words = class_names, HEADS[head]
        self.names = [self.add(Line()) for _ in class_names]
        self.peaks = [self.add(Line(align="center")) for _ in class_names]
        self.rest, self.sign = self.add(Line()), self.add(Line())
        self.event = self.add(Block(self.theme.right))

    def widest(self):
        """Return the room that the labels at the curves' ends take."""
        measure, count = self.rest.measure, len(self.class_names)
        words = [self._label(name, 1.0) for name in self.class_names] + [self._others(count)]
        return max(map(measure, words)) + 10

    def update(self, session, trace):
        """Draw the curves."""
        past, names = session.past, session.dataset.class_names
        self.outputs = outputs = past.outputs(session.image, session.silenced)
        self.answers = outputs.argmax(axis=1)
        at = past.place_of(session.whole) or 0
        self.mark([(share, f"{100 * share:.0f} %" if self.words.name == "probability" else str(share))
                   for share in SHARES], at)
        main = int(self.answers[-1]) if session.truth is None else session.truth
        self.curves.set_curves(self._curves(outputs, main))
        self.story = mark, color, words, place = story(
            past.epochs, past.snapshots.last, self.answers, session.truth, names)
        self._mark_event(mark, color, place)
        self._name(outputs, main)
        note = (self.run(f"{mark} {words}".strip(), NAME, color, bold=True),)
        plural = "probabilities" if self.words.name == "probability" else "outputs"
        self.say([self.name(f"its {len(names)} {plural}, epoch by epoch"), self.name(f"its {len(names)} {plural}"),
                  self.name(f"its {plural}"), self.name(plural), ()], [note])

    def _curves(self, outputs, main):
        seen = outputs[1 % len(outputs):].max(axis=0) >= SEEN  # before the first step it is chance
        order = sorted(range(len(seen)), key=lambda one: (one == main, seen[one]))
        theme = self.theme
        return [ChartLine(self.points(outputs[:, one].astype(np.float64)), theme.text, 2, True) if one == main else
                ChartLine(self.points(outputs[:, one].astype(np.float64)), theme.others if seen[one] else theme.hairline,
                      1.6 if seen[one] else 1) for one in order]

    def _label(self, name, value, bold=False):
        color = {"color": "text"} if bold else {}
        return (self.run(name, bold=bold, **color), self.run(self.words.write(value), mono=True, gap=1.5, **color))

    def _others(self, count):
        return (self.run(f"{count} others"), self.run(self.words.write(0), mono=True, gap=1.5))

    def _name(self, outputs, main):
        """Name the curves at their ends, those of next to nothing as one, and at their peaks those that had one."""
        last, least = outputs[-1], self.words.write(0)
        order = [int(one) for one in np.argsort(-last, kind="stable")]
        told = [one for one in order if one == main or self.words.write(last[one]) != least]
        if len(told) >= len(order) - 1:
            told = order
        others, gap = len(order) - len(told), GAP * self.painter.leading
        heights = [float(self.y(last[one])) for one in told] + [self.box[1]] * (others > 0)
        heights = apart(heights, gap, self.box[1], self.box[1] + self.box[3])
        x = self.axis.left + self.axis.width + 10
        for line in (*self.names, self.rest):
            line.set_runs(())
        for one, height in zip(told, heights, strict=False):
            self._put(self.names[one], x, height, self._label(self.class_names[one], last[one], one == main))
        if others:
            self._put(self.rest, x, heights[-1], self._others(others))
        self._name_peaks(outputs, {*told, main})

    def _name_peaks(self, outputs, told):
        """Name at its highest point each curve that has no name at its end, where no other name stands."""
        taken = [(self.sign.x, self.sign.y)]
        for one, peak in enumerate(self.peaks):
            place, peak_runs = int(outputs[:, one].argmax()), ()
            at = float(self.axis.x(place)), float(self.y(outputs[place, one])) + 5
            free = all(abs(at[0] - x) > 26 or abs(at[1] - y) > 13 for x, y in taken)
            if one not in told and outputs[place, one] >= NAMED and place and free:
                peak_runs = (self.run(self.class_names[one]),)
                taken.append(at)
            peak.x, peak.y = at
            peak.set_runs(peak_runs)

    def _put(self, line, x, height, runs):
        line.x, line.y = x, height - 3.5 * self.painter.leading
        line.set_runs(runs)

    def _mark_event(self, mark, color, place):
        """Draw a line where the digit was learned or forgotten; what never was has none."""
        _, bottom, _, height = self.box
        there = place is not None and place > 0
        self.event.set_facecolor(getattr(self.theme, color))
        x = self.axis.x(place or 0)
        self.event.set_bounds(x - 0.5, bottom, there, height)
        self.sign.x, self.sign.y = x + 5, bottom + height - 13 * self.painter.leading
        self.sign.set_runs((self.run(mark, color=color, bold=True),) if there and mark else ())

    # Spots: a row for each class

    def grid(self, session):
        """Return a row for each class, and a column for each snapshot."""
        return len(self.class_names), self.axis.count

    def first_spot(self, session):
        """Begin with the answer at the snapshot shown."""
        return int(session.trace.predictions[0]), super().first_spot(session)[1]

    def spot_at(self, session, x, y):
        """Return the curve closest to a point."""
        found = super().spot_at(session, x, y)
        if found is None:
            return None
        outputs = session.past.outputs(session.image, session.silenced)
        return int(np.argmin(np.abs(self.y(outputs[found[1]]) - y))), found[1]

    def account(self, session, row, column):
        """Say what a class was given then, and at the snapshots before and after."""
        past = session.past
        outputs = past.outputs(session.image, session.silenced)
        figure = {"color": "text", "mono": True, "gap": 1.5}
        epochs = [thousands(int(epoch)) for epoch in past.epochs]
        runs = [self.run(f"{self.class_names[row]} at epoch {epochs[column]}", color="text", bold=True),
                self.run(self.words.name, gap=2), self.run(self.words.write(outputs[column, row]), **figure)]
        if column:
            runs += [self.run(f"epoch {epochs[column - 1]}", gap=2),
                     self.run(self.words.write(outputs[column - 1, row]), **figure)]
        answer = self.class_names[int(outputs[column].argmax())]
        runs += [self.run(f"read then as {answer}", gap=2),
                 self.run("a click or Enter: the network as it was then", gap=2)]
        return tuple(runs), self.ring(column, float(outputs[column, row]))
