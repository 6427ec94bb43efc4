"""What the ten outputs answer: a row each with bar, probability and score, the truth marked."""

import numpy as np

from neuralscope.visualizer.panels.panel import Panel, inside
from neuralscope.visualizer.shapes import Block
from neuralscope.visualizer.style import READOUT, ROW
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.wording import number, parts_of, percent, quotient, score, sum_of

SHORTEST = 60  # units: the length of a bar of 100 % below which the scores make room for it
TRUTH = "◆ truth"  # a shape and a word, so that it needs no colour


class Outputs(Panel):
    """A row for each class: its name, a bar as long as its probability, the probability, and the score behind it."""

    def __init__(self, painter, class_names):
        """Make the rows."""
        super().__init__(painter)
        self.class_names = class_names
        self.axis = self.add(Block(self.theme.hairline))
        rows = range(len(class_names))
        self.bars = [self.add(Block(self.theme.others)) for _ in rows]
        self.labels = [self.add(Line()) for _ in rows]
        self.probabilities = [self.add(Line(align="right")) for _ in rows]
        self.scores = [self.add(Line(align="right")) for _ in rows]
        self.heads = [self.add(Line(align="right")) for _ in range(2)]
        self.truth = self.add(Line())
        self.truth.zorder = 2
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, width, height):
        """Share the height among the rows; the columns are as wide as their widest word."""
        self.box = (left, top - height, width, height)
        lead, scale = self.painter.leading, self.painter.scale
        self.row = height / len(self.class_names)
        longest = max(map(len, self.class_names))
        self.label_size = ROW if longest <= 2 else READOUT
        labels = max(self.labels[0].measure((self.run(name, self.label_size, mono=True),)) for name in self.class_names)
        widest = self.labels[0].measure((self.run("−10.00", mono=True),))
        probability = self.labels[0].measure((self.run("probability"),))
        self.start = left + labels + 16 * scale
        for self.with_scores in (True, False):  # where bars would be too short the score is left to the readout
            right = left + width - (widest + 20 * scale) * self.with_scores
            self.length = max(1.0, right - probability - 12 * scale - self.start)
            if self.length >= SHORTEST:
                break
        self.columns = right, left + width  # right edges: probability, score
        self.axis.set_bounds(self.start, top - height, 1, height)
        for head, right in zip(self.heads, self.columns, strict=True):
            head.x, head.y = right, top + 10 * scale
        for number_of in range(len(self.class_names)):
            y = self.middle(number_of) - 5 * lead
            for line, x in zip((self.labels, self.probabilities, self.scores), (left, *self.columns), strict=True):
                line[number_of].x, line[number_of].y = x, y
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = self.box[1] - 24 * lead, self.box[1] - 42 * lead
        self.title.max_width = self.caption.max_width = width

    def middle(self, row):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (row + 0.5) * self.row

    def update(self, session, trace):
        """Show the answer."""
        shares, scores = trace.outputs[0], trace.sums[-1][0]
        answer, thick = int(trace.predictions[0]), 22 * self.painter.scale
        for row, name in enumerate(self.class_names):
            chosen = {"color": "text", "bold": True} if row == answer else {}
            seen = {"color": "text"} if shares[row] >= 0.005 else {}
            self.labels[row].set_runs((self.run(name, self.label_size, mono=True, **chosen),))
            self.probabilities[row].set_runs((self.run(percent(shares[row]), READOUT, mono=True, **(chosen or seen)),))
            self.scores[row].set_runs((self.run(score(scores[row]), mono=True),) if self.with_scores else ())
            self.bars[row].set_bounds(self.start, self.middle(row) - thick / 2, self.length * float(shares[row]), thick)
            self.bars[row].set_facecolor(self.theme.answer if row == answer else self.theme.others)
        self._mark(session.truth, float(shares[session.truth]), answer)
        self._head()

    def _mark(self, truth, share, answer):
        """Mark the truth in its bar where there is room, else behind it, in narrow windows by the shape alone."""
        self.truth.y = self.middle(truth) - 4 * self.painter.leading
        end, pad = self.start + self.length * share, 8 * self.painter.scale
        inside_bar = end - self.start > self.truth.measure((self.run(TRUTH),)) + 2 * pad
        color = ("background" if truth == answer else "text") if inside_bar else "muted"
        self.truth.x, self.truth.align = (end - pad, "right") if inside_bar else (end + pad, "left")
        self.truth.max_width = self.start + self.length + pad - end if not inside_bar else None
        self.truth.set_runs(*((self.run(words, color=color),) for words in (TRUTH, TRUTH[0])))

    def _head(self):
        self.heads[0].set_runs((self.run("probability"),))
        self.heads[1].set_runs((self.run("score"),) if self.with_scores else ())
        self.title.set_runs(self.name("what the ten outputs answer"), self.name("the ten outputs"))
        self.caption.set_runs((self.run("probability = e^score / the sum of all ten e^score"),),
                              (self.run("e^score / sum of all e^score"),))

    def describe(self, session, x, y):
        """Say where the numbers of the row at a point come from."""
        if not inside(self.box, x, y):
            return None
        row = min(int((self.box[1] + self.box[3] - y) / self.row), len(self.class_names) - 1)
        scores = session.trace.sums[-1][0].astype(np.float64)
        bias, top = float(session.network.layers[-1].biases[row]), float(scores.max())
        parts = np.exp(scores - top)  # taking the largest off changes no ratio, and nothing overflows
        result = percent(session.trace.outputs[0, row])
        figure = {"color": "text", "mono": True, "gap": 1.5}
        runs = (self.run(f"output {self.class_names[row]}", color="text", bold=True),
                self.run("score: bias + pushes", gap=2),
                self.run(f"{number(bias)} {sum_of(parts_of(scores[row], bias))} = {number(scores[row])}", **figure),
                self.run("probability", gap=2),
                self.run(f"{quotient(parts[row], parts.sum(), result)} {equals(result)}", **figure),
                self.run(f"each e^(score − {number(top)})" if top >= 0 else f"each e^(score + {number(-top)})", gap=2))
        return runs, None


def equals(result):
    """Put an equals sign before a figure that has no sign of its own."""
    return result if result[0] in "<>" else f"= {result}"
