"""What the outputs answer: a row each with bar, output and score, the truth marked."""

import numpy as np

from neuralscope.formatting import finite, number, printed_remainder, score, signed_addend
from neuralscope.visualizer.drawing.formula import Formula
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, ROW_PT
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.session.non_finite import has_answer
from neuralscope.visualizer.widgets.class_rows import ClassRows
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.origin_text import OURS_NOTE, answers_scores

MIN_BAR_LENGTH = 60  # units: the length of a full bar below which the scores make room for it
TRUTH_MARK = "◆ truth"  # a shape and a word, so that it needs no colour


class Outputs(ClassRows):
    """A row for each class: its name, a bar as long as its output, the output, and the score behind it."""

    selects_class = True

    def __init__(self, surface, class_names, head, ranked=False):
        """Make the rows; ``head`` is the name of the output function, which says what an output is called.

        ``ranked``: the likeliest class stands first.
        """
        super().__init__(surface)
        self.class_names, self.output_text, self.ranked = class_names, OUTPUT_TEXTS[head], ranked
        self.order = list(range(len(class_names)))  # the class in each row
        self.axis = self.add(Block(self.theme.hairline))
        rows = range(len(class_names))
        self.bars = [self.add(Block(self.theme.others)) for _ in rows]
        self.labels = [self.add(Line()) for _ in rows]
        self.selected_mark = self.add(Line(align="right"))
        self.values = [self.add(Line(align="right")) for _ in rows]
        self.scores = [self.add(Line(align="right")) for _ in rows]
        self.heads = [self.add(Line(align="right")) for _ in range(2)]
        self.truth = self.add(Line())
        self.truth.zorder = 2
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, box):
        """Share the height among the rows; the columns are as wide as their widest word."""
        lead, scale = self.surface.leading, self.surface.scale
        self.box, self.row, left = box, box.height / len(self.class_names), box.left
        longest = max(map(len, self.class_names))
        self.label_size = ROW_PT if longest <= 2 else READOUT_PT
        labels = max(self.labels[0].measure((self.run(name, self.label_size, mono=True),)) for name in self.class_names)
        widest = self.labels[0].measure((self.run("−10.00", mono=True),))
        value = max(self.labels[0].measure((run,)) for run in (
            self.run(self.output_text.name), self.run(self.output_text.write(1), READOUT_PT, mono=True, bold=True)))
        self.start = left + labels + 16 * scale
        for self.with_scores in (True, False):  # where bars would be too short the score is left to the readout
            right = box.right - (widest + 20 * scale) * self.with_scores
            self.length = max(1.0, right - value - 12 * scale - self.start)
            if self.length >= MIN_BAR_LENGTH:
                break
        self.columns = right, box.right  # right edges: output, score
        self.axis.set_bounds(self.start, box.bottom, 1, box.height)
        for head, right in zip(self.heads, self.columns, strict=True):
            head.x, head.y = right, box.top + 10 * scale
        for number_of in range(len(self.class_names)):
            y = self.middle(number_of) - 5 * lead
            for line, x in zip((self.labels, self.values, self.scores), (left, *self.columns), strict=True):
                line[number_of].x, line[number_of].y = x, y
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = box.bottom - 24 * lead, box.bottom - 42 * lead
        self.title.max_width = self.caption.max_width = box.width

    def middle(self, row):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (row + 0.5) * self.row

    def update(self, session, trace):
        """Show the answer."""
        outputs, scores = trace.outputs[0], trace.sums[-1][0]
        answer = int(trace.predictions[0]) if has_answer(trace) else None
        thick = min(22 * self.surface.scale, 0.7 * self.row)
        if self.ranked:
            self.order = [int(class_index) for class_index in np.argsort(-scores, kind="stable")]
        for row, class_index in enumerate(self.order):
            name, output = self.class_names[class_index], outputs[class_index]
            chosen = {"color": "text", "bold": True} if class_index == answer else {}
            seen = {"color": "text"} if output >= 0.005 else {}
            self.labels[row].set_runs((self.run(name, self.label_size, mono=True, **chosen),))
            printed = self.output_text.write(output)
            self.values[row].set_runs((self.run(printed, READOUT_PT, mono=True, **(chosen or seen)),))
            self.scores[row].set_runs((self.run(score(scores[class_index]), mono=True),) if self.with_scores else ())
            reach = self.length * finite(float(output))
            self.bars[row].set_bounds(self.start, self.middle(row) - thick / 2, reach, thick)
            self.bars[row].set_facecolor(self.theme.answer if class_index == answer else self.theme.others)
        selected_row = self.order.index(session.selected_class)
        self.selected_mark.x, self.selected_mark.y = self.labels[0].x - 4, self.labels[selected_row].y
        self.selected_mark.set_runs((self.run("▸", color="accent"),) if session.selected_class != answer else ())
        self._head()
        if session.truth is None:
            self.truth.set_runs(())
        else:
            self._mark(session.truth, finite(float(outputs[session.truth])), answer)

    def _mark(self, truth, output, answer):
        """Mark the truth in its bar where there is room, else behind it, in narrow windows by the shape alone."""
        self.truth.y = self.middle(self.order.index(truth)) - 4 * self.surface.leading
        end, pad = self.start + self.length * output, 8 * self.surface.scale
        inside_bar = end - self.start > self.truth.measure((self.run(TRUTH_MARK),)) + 2 * pad
        color = ("background" if truth == answer else "text") if inside_bar else "muted"
        self.truth.x, self.truth.align = (end - pad, "right") if inside_bar else (end + pad, "left")
        self.truth.max_width = self.start + self.length + pad - end if not inside_bar else None
        self.truth.set_runs(*((self.run(words, color=color),) for words in (TRUTH_MARK, TRUTH_MARK[0])))

    def _head(self):
        self.heads[0].set_runs((self.run(self.output_text.name),))
        self.heads[1].set_runs((self.run("score"),) if self.with_scores else ())
        names = ("guesses, ranked", "guesses") if self.ranked else ("what the outputs answer", "the outputs")
        self.title.set_runs(*map(self.name, names))
        self.caption.set_runs(*((self.run(formula),) for formula in self.output_text.formula))

    def first_cell(self, session):
        """Begin at the class selected."""
        return self.order.index(session.selected_class), 0

    def choose(self, session, row, column):
        """Ask about a class; once more: why it."""
        return select_or_explain_class(session, self.order[row])

    def describe(self, session, row, column):
        """Say where the numbers of a row come from."""
        return output_runs(self, session, self.order[row]), None


def select_or_explain_class(session, chosen):
    """Select a class; once more, open the view that says why it."""
    if session.selected_class == chosen and not session.selection.awaits_contrast_class:
        return OpenView("w")
    session.selection.select_class(chosen)
    return None


def output_runs(panel, session, row):
    """Return the runs that say where the score and the output of a class come from."""
    scores, layer = session.trace.sums[-1][0].astype(np.float64), session.network.layers[-1]
    words, bias = OUTPUT_TEXTS[layer.activation], float(layer.biases[row])
    formula, remark = words.describe(scores, row, session.trace.outputs[0, row])
    terms = number(bias), signed_addend(printed_remainder(scores[row], bias))
    figure = {"color": "text", "mono": True, "gap": 1.5}
    return (panel.run(f"output {session.dataset.class_names[row]}", color="text", bold=True),
            panel.run("score: bias + pushes", gap=2),
            panel.run(Formula(terms, "=", number(scores[row])).text, **figure), panel.run(words.name, gap=2),
            panel.run(formula.text, **figure), panel.run(remark, gap=2),
            *((panel.run(OURS_NOTE, gap=2),) if answers_scores(session) else ()))
