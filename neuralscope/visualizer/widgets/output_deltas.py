"""The error at each output: what the loss at this digit has to do with the score of each class."""

import numpy as np

from neuralscope.formatting import MINUS, key_end
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT, ROW
from neuralscope.visualizer.widgets.backprop_text import error_runs
from neuralscope.visualizer.widgets.class_rows import ClassRows
from neuralscope.visualizer.widgets.derivative_text import HEADS
from neuralscope.visualizer.widgets.function_text import HEADS as OUTPUTS
from neuralscope.visualizer.widgets.outputs import SHORTEST
from neuralscope.visualizer.widgets.significant import direction, significant

TARGET = "◆ target"


class Errors(ClassRows):
    """A row for each class: its name, a bar from zero to its error, the output where there is room, the error."""

    chooses_class = True

    def __init__(self, painter, class_names, head, labelled=True):
        """Make the rows; ``head`` is the name of the output function; ``labelled``: name and formula stand below."""
        super().__init__(painter)
        self.labelled = labelled
        self.class_names, self.words, self.outputs = class_names, HEADS[head], OUTPUTS[head]
        self.axis = self.add(Block(self.theme.hairline))
        rows = range(len(class_names))
        self.bars = [self.add(Block(self.theme.positive)) for _ in rows]
        self.labels = [self.add(Line()) for _ in rows]
        self.given, self.errors = ([self.add(Line(align="right")) for _ in rows] for _ in "12")
        self.heads = [self.add(Line(align="right")) for _ in "12"]
        self.low, self.top = self.add(Line()), self.add(Line(align="right"))
        self.target, self.asked = self.add(Line()), self.add(Line(align="right"))
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, width, height):
        """Share the height among the rows; bars that would be too short make the outputs leave."""
        lead, scale, measure = self.painter.leading, self.painter.scale, self.low.measure
        self.box, self.row = (left, top - height, width, height), height / len(self.class_names)
        self.size = ROW if max(map(len, self.class_names)) <= 2 else READOUT
        names = max(measure((self.run(name, self.size, mono=True, bold=True),)) for name in self.class_names)
        error = measure((self.run("−1.23e−10", mono=True),))
        output = max(measure((self.run(self.outputs.name),)), measure((self.run("> 99.9 %", mono=True),)))
        right, self.start = left + width, left + names + 16 * scale
        for self.with_outputs in (True, False):
            end = right - error - 12 * scale - (output + 14 * scale) * self.with_outputs
            self.length = end - self.start
            if self.length >= SHORTEST:
                break
        self.zero, self.reach = self.start + self.length / 2, max(1.0, self.length / 2)
        self.axis.set_bounds(self.zero, top - height, 1, height)
        columns = end + output + 14 * scale, right
        for place in range(len(self.class_names)):
            for lines, x in ((self.labels, left), (self.given, columns[0]), (self.errors, right)):
                lines[place].x, lines[place].y = x, self.middle(place) - 5 * lead
        for head, x in zip(self.heads, columns, strict=True):
            head.x, head.y = x, top + 10 * scale
        self.low.x, self.top.x, self.low.y, self.top.y = self.start, end, top + 10 * scale, top + 10 * scale
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = self.box[1] - 24 * lead, self.box[1] - 42 * lead
        self.title.max_width = self.caption.max_width = width

    def middle(self, place):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (place + 0.5) * self.row

    def update(self, session, trace):
        """Show the errors; the ends of the bars' scale are printed above them."""
        errors, outputs = session.way_back.deltas[-1][0], session.way_back.trace.outputs[0]
        top = session.top("errors", np.abs(errors).max())
        thick = min(22 * self.painter.scale, 0.6 * self.row)
        for place, (name, error, output) in enumerate(zip(self.class_names, errors, outputs, strict=True)):
            strong = {"color": "text", "bold": True} if place == session.target else {}
            sign = "negative" if error < 0 else "positive"
            reach = self.reach * float(np.clip(error / top, -1, 1))
            self.bars[place].set_bounds(self.zero + min(0, reach), self.middle(place) - thick / 2, abs(reach), thick)
            self.bars[place].set_facecolor(getattr(self.theme, sign))
            self.labels[place].set_runs((self.run(name, self.size, mono=True, **strong),))
            self.given[place].set_runs((self.run(self.outputs.write(output), mono=True),) if self.with_outputs else ())
            self.errors[place].set_runs((self.run(direction(significant(error)), color=sign, mono=True),))
        self._mark(session)
        self._head(session, top)

    def _mark(self, session):
        """Mark the target on the side of the axis where it has no bar, and the class asked about."""
        lead = self.painter.leading
        self.target.x, self.target.y = self.zero + 8 * self.painter.scale, self.middle(session.target) - 4 * lead
        self.target.max_width = self.reach - 8 * self.painter.scale
        self.target.set_runs(*((self.run(words),) for words in (TARGET, TARGET[0])))
        self.asked.x, self.asked.y = self.labels[0].x - 4, self.labels[session.chosen].y
        self.asked.set_runs((self.run("▸", color="accent"),) if session.chosen != session.target else ())

    def _head(self, session, top):
        self.heads[0].set_runs((self.run(self.outputs.name),) if self.with_outputs else ())
        self.heads[1].set_runs((self.run("error"),))
        ends = [self.key_end(sign + key_end(top)) for sign in (MINUS, "+")]
        if sum(map(self.low.measure, ends)) > self.length - 8:
            ends = (), self.key_end("±" + key_end(top))
        self.low.set_runs(ends[0])
        self.top.set_runs(ends[1])
        if not self.labelled:
            return
        self.title.set_runs(self.name("the error at each output"), self.name("errors"))
        name = self.class_names[session.target]
        self.caption.set_runs(*((self.run(words.format(name)),) for words in self.words.formula))

    def first_spot(self, session):
        """Begin at the target."""
        return session.target, 0

    def choose(self, session, row, column):
        """Ask about a class; for a digit of one's own that is the target."""
        session.ask(row)

    def account(self, session, row, column):
        """Say where the error of a row comes from."""
        return error_runs(self, session, row), None
