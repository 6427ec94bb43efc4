"""What the outputs answered before all lessons, and what they answer now: a row for each class."""

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT, ROW
from neuralscope.visualizer.views.fine_tune.step_controls import untaught_words
from neuralscope.visualizer.widgets.class_rows import ClassRows
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.outputs import SHORTEST, TRUTH

LABEL_MARK = "◂ label"  # a shape and a word


class BeforeAfter(ClassRows):
    """A row for each class: its name, a thin bar for before over a thick one for now, and both outputs."""

    chooses_class = True

    def __init__(self, painter, class_names, head):
        """Make the rows; ``head`` is the name of the output function."""
        super().__init__(painter)
        self.class_names, self.words = class_names, HEADS[head]
        self.axis = self.add(Block(self.theme.hairline))
        rows = range(len(class_names))
        self.thin = [self.add(Block(self.theme.muted)) for _ in rows]
        self.thick = [self.add(Block(self.theme.others)) for _ in rows]
        self.labels = [self.add(Line()) for _ in rows]
        self.before, self.after = ([self.add(Line(align="right")) for _ in rows] for _ in "12")
        self.heads = [self.add(Line(align="right")) for _ in "12"]
        self.mark, self.truth = self.add(Line()), self.add(Line())
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, width, height):
        """Share the height among the rows."""
        lead, scale, measure = self.painter.leading, self.painter.scale, self.mark.measure
        self.box, self.row = (left, top - height, width, height), height / len(self.class_names)
        self.size = ROW if max(map(len, self.class_names)) <= 2 else READOUT
        names = max(measure((self.run(name, self.size, mono=True, bold=True),)) for name in self.class_names)
        value = measure((self.run(self.words.write(1), mono=True, bold=True),))
        self.start, right = left + names + 16 * scale, left + width
        columns = right - value - 14 * scale, right
        self.length = max(SHORTEST / 2, columns[0] - value - 14 * scale - self.start)
        self.axis.set_bounds(self.start, top - height, 1, height)
        for place in range(len(self.class_names)):
            for lines, x in ((self.labels, left), (self.before, columns[0]), (self.after, right)):
                lines[place].x, lines[place].y = x, self.middle(place) - 5 * lead
        for head, x, words in zip(self.heads, columns, ("before", "now"), strict=True):
            head.x, head.y = x, top + 10 * scale
            head.set_runs((self.run(words),))
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = self.box[1] - 24 * lead, self.box[1] - 42 * lead
        self.title.max_width = self.caption.max_width = width
        name = self.words.name
        self.title.set_runs(*(self.name(words) for words in (
            f"the {name} of each class, before and now", f"{name}, before and now")))
        self.caption.set_runs(*((self.run(words),) for words in (
            "thin: before all steps, thick: now", "thin: before, thick: now")))

    def middle(self, place):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (place + 0.5) * self.row

    def update(self, session, trace):
        """Show both answers."""
        self.shown = session.lessons.outputs_before(), trace.outputs[0]
        answer, taught = int(trace.predictions[0]), session.lessons.count > 0
        thick, thin = min(16 * self.painter.scale, 0.5 * self.row), min(4 * self.painter.scale, 0.14 * self.row)
        for place, (name, before, after) in enumerate(zip(self.class_names, *self.shown, strict=True)):
            y, strong = self.middle(place) - 0.5 * thick, {"color": "text", "bold": True} if place == answer else {}
            self.thick[place].set_bounds(self.start, y, self.length * float(after), thick)
            self.thick[place].set_facecolor(self.theme.answer if place == answer else self.theme.others)
            self.thin[place].set_bounds(self.start, y + thick + 1, self.length * float(before) * taught, thin)
            self.labels[place].set_runs((self.run(name, self.size, mono=True, **strong),))
            self.before[place].set_runs((self.run(self.words.write(before), mono=True),) if taught else ())
            self.after[place].set_runs((self.run(self.words.write(after), **{"color": "text", **strong}, mono=True),))
        self._mark(self.mark, session.lessons.target, LABEL_MARK)
        self._mark(self.truth, session.truth if session.truth != session.lessons.target else None, TRUTH)

    def _mark(self, line, place, words):
        """Mark a row behind its bar where there is room, else in it."""
        line.set_runs(())
        if place is None:
            return
        end, pad = self.start + self.length * float(self.shown[1][place]), 8 * self.painter.scale
        width = line.measure((self.run(words),)) + 2 * pad
        inside_bar = end + width > self.start + self.length
        line.y = self.middle(place) - 4 * self.painter.leading
        line.x, line.align = (end - pad, "right") if inside_bar else (end + pad, "left")
        line.max_width = end - self.start - 2 * pad if inside_bar else None
        color = "background" if inside_bar else "muted"
        line.set_runs(*((self.run(text, color=color),) for text in (words, words[0])))

    def first_spot(self, session):
        """Begin at the label; without one, at what is read."""
        return session.target, 0

    def choose(self, session, row, column):
        """Give a class as the label."""
        session.ask(row)
        session.label_as(row)

    def account(self, session, row, column):
        """Say what the output of a row was and is."""
        before, after = (self.words.write(outputs[row]) for outputs in self.shown)
        lessons = session.lessons
        runs = [self.run(f"{self.words.name} of {self.class_names[row]}", color="text", bold=True)]
        if lessons.count:
            runs += [self.run(f"{before} → {after}", color="text", mono=True, gap=2),
                     self.run(f"by {lessons.count:,} step{'s' * (lessons.count > 1)}", gap=1.5)]
        else:
            runs += [self.run(after, color="text", mono=True, gap=2), self.run(untaught_words(session), gap=2)]
        what = "it is what the digit is taught as" if row == lessons.target else "a click: teach it as this"
        return (*runs, self.run(what, gap=2), *why_runs(self, session, row)), None


def why_runs(panel, session, row):
    """Return the runs that say how the output now comes from the score."""
    words, scores = HEADS[session.network.layers[-1].activation], session.trace.sums[-1][0].astype(float)
    figures, remark = words.account(scores, row, words.write(session.trace.outputs[0, row]))
    return (panel.run("now", gap=2), panel.run(figures, color="text", mono=True, gap=1.5), panel.run(remark, gap=2))
