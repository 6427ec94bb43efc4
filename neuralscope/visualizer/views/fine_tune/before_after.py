"""What the outputs answered before all fine-tuning, and what they answer now: a row for each class."""

from neuralscope.formatting import finite
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, ROW_PT
from neuralscope.visualizer.session.non_finite import has_answer
from neuralscope.visualizer.widgets.class_rows import ClassRows
from neuralscope.visualizer.widgets.fine_tuning_text import no_steps_text
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.outputs import MIN_BAR_LENGTH, TRUTH_MARK

LABEL_MARK = "◂ label"  # a shape and a word


class BeforeAfter(ClassRows):
    """A row for each class: its name, a thin bar for before over a thick one for now, and both outputs."""

    selects_class = True

    def __init__(self, surface, class_names, head):
        """Make the rows; ``head`` is the name of the output function."""
        super().__init__(surface)
        self.class_names, self.output_text = class_names, OUTPUT_TEXTS[head]
        self.axis = self.add(Block(self.theme.hairline))
        rows = range(len(class_names))
        self.thin = [self.add(Block(self.theme.muted)) for _ in rows]
        self.thick = [self.add(Block(self.theme.others)) for _ in rows]
        self.labels = [self.add(Line()) for _ in rows]
        self.before, self.after = ([self.add(Line(align="right")) for _ in rows] for _ in "12")
        self.heads = [self.add(Line(align="right")) for _ in "12"]
        self.mark, self.truth = self.add(Line()), self.add(Line())
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, box):
        """Share the height among the rows."""
        lead, scale, measure = self.surface.leading, self.surface.scale, self.mark.measure
        self.box, self.row = box, box.height / len(self.class_names)
        self.size = ROW_PT if max(map(len, self.class_names)) <= 2 else READOUT_PT
        names = max(measure((self.run(name, self.size, mono=True, bold=True),)) for name in self.class_names)
        value = measure((self.run(self.output_text.write(1), mono=True, bold=True),))
        self.start, right = box.left + names + 16 * scale, box.right
        columns = right - value - 14 * scale, right
        self.length = max(MIN_BAR_LENGTH / 2, columns[0] - value - 14 * scale - self.start)
        self.axis.set_bounds(self.start, box.bottom, 1, box.height)
        for row in range(len(self.class_names)):
            for lines, x in ((self.labels, box.left), (self.before, columns[0]), (self.after, right)):
                lines[row].x, lines[row].y = x, self.middle(row) - 5 * lead
        for head, x, words in zip(self.heads, columns, ("before", "now"), strict=True):
            head.x, head.y = x, box.top + 10 * scale
            head.set_runs((self.run(words),))
        self.title.x = self.caption.x = box.left
        self.title.y, self.caption.y = box.bottom - 24 * lead, box.bottom - 42 * lead
        self.title.max_width = self.caption.max_width = box.width
        name = self.output_text.name
        self.title.set_runs(*(self.name(words) for words in (
            f"the {name} of each class, before and now", f"{name}, before and now")))
        self.caption.set_runs(*((self.run(words),) for words in (
            "thin: before all steps, thick: now", "thin: before, thick: now")))

    def middle(self, row):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (row + 0.5) * self.row

    def update(self, session, trace):
        """Show both answers."""
        self.shown_outputs = session.fine_tuning.outputs_before(), trace.outputs[0]
        answer, fine_tuned = int(trace.predictions[0]) if has_answer(trace) else None, session.fine_tuning.count > 0
        thick, thin = min(16 * self.surface.scale, 0.5 * self.row), min(4 * self.surface.scale, 0.14 * self.row)
        for row, (name, before, after) in enumerate(zip(self.class_names, *self.shown_outputs, strict=True)):
            y, strong = self.middle(row) - 0.5 * thick, {"color": "text", "bold": True} if row == answer else {}
            self.thick[row].set_bounds(self.start, y, self.length * float(after), thick)
            self.thick[row].set_facecolor(self.theme.answer if row == answer else self.theme.others)
            self.thin[row].set_bounds(self.start, y + thick + 1, self.length * float(before) * fine_tuned, thin)
            self.labels[row].set_runs((self.run(name, self.size, mono=True, **strong),))
            self.before[row].set_runs((self.run(self.output_text.write(before), mono=True),) if fine_tuned else ())
            self.after[row].set_runs((self.run(self.output_text.write(after), **{"color": "text", **strong},
                                               mono=True),))
        self._mark(self.mark, session.fine_tuning.target, LABEL_MARK)
        self._mark(self.truth, session.truth if session.truth != session.fine_tuning.target else None, TRUTH_MARK)

    def _mark(self, line, row, words):
        """Mark a row behind its bar where there is room, else in it."""
        line.set_runs(())
        if row is None:
            return
        end, pad = self.start + self.length * finite(float(self.shown_outputs[1][row])), 8 * self.surface.scale
        width = line.measure((self.run(words),)) + 2 * pad
        inside_bar = end + width > self.start + self.length
        line.y = self.middle(row) - 4 * self.surface.leading
        line.x, line.align = (end - pad, "right") if inside_bar else (end + pad, "left")
        line.max_width = end - self.start - 2 * pad if inside_bar else None
        color = "background" if inside_bar else "muted"
        line.set_runs(*((self.run(text, color=color),) for text in (words, words[0])))

    def first_cell(self, session):
        """Begin at the label; without one, at what is read."""
        return session.target, 0

    def choose(self, session, row, column):
        """Give a class as the label."""
        session.selection.select_class(row)
        session.fine_tuning.label = row

    def describe(self, session, row, column):
        """Say what the output of a row was and is."""
        before, after = (self.output_text.write(outputs[row]) for outputs in self.shown_outputs)
        fine_tuning = session.fine_tuning
        runs = [self.run(f"{self.output_text.name} of {self.class_names[row]}", color="text", bold=True)]
        if fine_tuning.count:
            runs += [self.run(f"{before} → {after}", color="text", mono=True, gap=2),
                     self.run(f"by {fine_tuning.count:,} step{'s' * (fine_tuning.count > 1)}", gap=1.5)]
        else:
            runs += [self.run(after, color="text", mono=True, gap=2), self.run(no_steps_text(session), gap=2)]
        hint = (f"it is what the {session.inputs.sample} is taught as" if row == fine_tuning.target else
                "a click: teach it as this")
        return (*runs, self.run(hint, gap=2), *current_output_runs(self, session, row)), None


def current_output_runs(panel, session, row):
    """Return the runs that say how the output now comes from the score."""
    words, scores = OUTPUT_TEXTS[session.network.layers[-1].activation], session.trace.sums[-1][0].astype(float)
    formula, remark = words.describe(scores, row, session.trace.outputs[0, row])
    return (panel.run("now", gap=2), panel.run(formula.text, color="text", mono=True, gap=1.5),
            panel.run(remark, gap=2))
