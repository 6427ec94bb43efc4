"""The error at each output: what the loss at this digit has to do with the score of each class."""

import numpy as np

from neuralscope.formatting import MINUS, key_end, sign_word
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, ROW_PT
from neuralscope.visualizer.widgets.backprop_text import output_delta_runs
from neuralscope.visualizer.widgets.class_rows import ClassRows
from neuralscope.visualizer.widgets.derivative_text import LOSS_TEXTS
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.outputs import MIN_BAR_LENGTH
from neuralscope.visualizer.widgets.significant import signed_significant

TARGET_MARK = "◆ target"


class OutputDeltas(ClassRows):
    """A row for each class: its name, a bar from zero to its error, the output where there is room, the error."""

    selects_class = True

    def __init__(self, surface, class_names, head, labelled=True):
        """Make the rows; ``head`` is the name of the output function; ``labelled``: name and formula stand below."""
        super().__init__(surface)
        self.labelled = labelled
        self.class_names, self.loss_text, self.outputs = class_names, LOSS_TEXTS[head], OUTPUT_TEXTS[head]
        self.axis = self.add(Block(self.theme.hairline))
        rows = range(len(class_names))
        self.bars = [self.add(Block(self.theme.positive)) for _ in rows]
        self.labels = [self.add(Line()) for _ in rows]
        self.output_lines, self.output_deltas = ([self.add(Line(align="right")) for _ in rows] for _ in "12")
        self.heads = [self.add(Line(align="right")) for _ in "12"]
        self.low, self.top = self.add(Line()), self.add(Line(align="right"))
        self.target, self.selected_mark = self.add(Line()), self.add(Line(align="right"))
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, box):
        """Share the height among the rows; bars that would be too short make the outputs leave."""
        lead, scale, measure = self.surface.leading, self.surface.scale, self.low.measure
        self.box, self.row, left = box, box.height / len(self.class_names), box.left
        self.size = ROW_PT if max(map(len, self.class_names)) <= 2 else READOUT_PT
        names = max(measure((self.run(name, self.size, mono=True, bold=True),)) for name in self.class_names)
        error = measure((self.run("−1.23e−10", mono=True),))
        output = max(measure((self.run(self.outputs.name),)), measure((self.run("> 99.9 %", mono=True),)))
        right, self.start = box.right, left + names + 16 * scale
        for self.with_outputs in (True, False):
            end = right - error - 12 * scale - (output + 14 * scale) * self.with_outputs
            self.length = end - self.start
            if self.length >= MIN_BAR_LENGTH:
                break
        self.zero, self.reach = self.start + self.length / 2, max(1.0, self.length / 2)
        self.axis.set_bounds(self.zero, box.bottom, 1, box.height)
        columns = end + output + 14 * scale, right
        for row in range(len(self.class_names)):
            for lines, x in ((self.labels, left), (self.output_lines, columns[0]), (self.output_deltas, right)):
                lines[row].x, lines[row].y = x, self.middle(row) - 5 * lead
        for head, x in zip(self.heads, columns, strict=True):
            head.x, head.y = x, box.top + 10 * scale
        self.low.x, self.top.x = self.start, end
        self.low.y = self.top.y = box.top + 10 * scale
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = box.bottom - 24 * lead, box.bottom - 42 * lead
        self.title.max_width = self.caption.max_width = box.width

    def middle(self, row):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (row + 0.5) * self.row

    def update(self, session, trace):
        """Show the errors; the ends of the bars' scale are printed above them."""
        errors, outputs = session.backprop.deltas[-1][0], session.backprop.trace.outputs[0]
        top = session.top("errors", np.abs(errors).max())
        thick = min(22 * self.surface.scale, 0.6 * self.row)
        for row, (name, error, output) in enumerate(zip(self.class_names, errors, outputs, strict=True)):
            strong = {"color": "text", "bold": True} if row == session.target else {}
            sign = sign_word(error)
            reach = self.reach * float(np.clip(error / top, -1, 1))
            self.bars[row].set_bounds(self.zero + min(0, reach), self.middle(row) - thick / 2, abs(reach), thick)
            self.bars[row].set_facecolor(getattr(self.theme, sign))
            self.labels[row].set_runs((self.run(name, self.size, mono=True, **strong),))
            output_runs = (self.run(self.outputs.write(output), mono=True),) if self.with_outputs else ()
            self.output_lines[row].set_runs(output_runs)
            self.output_deltas[row].set_runs((self.run(signed_significant(error), color=sign, mono=True),))
        self._mark(session)
        self._head(session, top)

    def _mark(self, session):
        """Mark the target on the side of the axis where it has no bar, and the class selected."""
        lead = self.surface.leading
        self.target.x, self.target.y = self.zero + 8 * self.surface.scale, self.middle(session.target) - 4 * lead
        self.target.max_width = self.reach - 8 * self.surface.scale
        self.target.set_runs(*((self.run(words),) for words in (TARGET_MARK, TARGET_MARK[0])))
        self.selected_mark.x, self.selected_mark.y = self.labels[0].x - 4, self.labels[session.selected_class].y
        is_target = session.selected_class == session.target
        self.selected_mark.set_runs(() if is_target else (self.run("▸", color="accent"),))

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
        self.caption.set_runs(*((self.run(words.format(name)),) for words in self.loss_text.formula))

    def first_cell(self, session):
        """Begin at the target."""
        return session.target, 0

    def choose(self, session, row, column):
        """Ask about a class; for a digit of one's own that is the target."""
        session.selection.select_class(row)

    def describe(self, session, row, column):
        """Say where the error of a row comes from."""
        return output_delta_runs(self, session, row), None
