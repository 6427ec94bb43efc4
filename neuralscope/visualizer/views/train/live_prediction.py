"""The digit shown, as the network that learns reads it now."""

import numpy as np

from neuralscope.formatting import score
from neuralscope.visualizer.drawing.shapes import Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL_PT, rgb
from neuralscope.visualizer.session.non_finite import NO_ANSWER_REASON, NO_ANSWER_TEXT, has_answer
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.heatmap_panel import inputs_picture, show_inputs
from neuralscope.visualizer.widgets.no_labels import NO_TRUE_LABEL_TEXT
from neuralscope.visualizer.widgets.panel import Panel, inside


class LivePrediction(Panel):
    """The picture, the answer with its mark, and a bar for each class."""

    selects_class = True

    def __init__(self, surface, class_names, inputs):
        """Make the artists."""
        super().__init__(surface)
        self.class_names = class_names
        self.picture, self.bars = self.add(inputs_picture(self.theme, inputs)), self.add(Blocks())
        self.verdict = self.add(Line())
        self.labels = [self.add(Line(align="center")) for _ in class_names]

    def place(self, box):
        """Put the picture at the left, bars beside it, and the verdict above them."""
        left, bottom, _, height = box
        self.picture.room = left, box.top, height, height
        self.start = left + height + 18 * self.surface.scale
        self.width = box.right - self.start
        self.step = self.width / len(self.class_names)
        lead = self.surface.leading
        self.verdict.x, self.verdict.y, self.verdict.max_width = self.start, box.top - 12 * lead, self.width
        self.floor, self.high = bottom + 16 * lead, max(10.0, height - 38 * lead)
        for index, line in enumerate(self.labels):
            line.x, line.y = self.start + (index + 0.5) * self.step, bottom + 2 * lead

    def show(self, session, network):
        """Show what ``network`` answers to the session's digit."""
        self.trace = network.forward(session.image)
        self.output_text = OUTPUT_TEXTS[network.layers[-1].activation]
        show_inputs(self.picture, self.theme, session.inputs, session.image[0])
        outputs, answer = self.trace.outputs[0].astype(float), int(self.trace.predictions[0])
        names, truth = self.class_names, session.truth
        nobody_said = () if session.is_user_digit else (self.run(NO_TRUE_LABEL_TEXT, LABEL_PT, gap=2),)
        right = nobody_said if truth is None else (self.run("✓ right", LABEL_PT, "right", bold=True, gap=2),) if (
            truth == answer) else (self.run("✗ wrong,", LABEL_PT, "wrong", bold=True, gap=2),
                                   self.run(f"it is {names[truth]}", LABEL_PT, gap=1))
        head = (self.run(f"reads {names[answer]}", LABEL_PT, "text", bold=True),)
        sure = (self.run(self.output_text.write(outputs[answer]), LABEL_PT, "text", gap=1.5),)
        if not has_answer(self.trace):
            head, sure, right = (self.run(f"✗ {NO_ANSWER_TEXT}", LABEL_PT, "wrong", bold=True),), (), (
                self.run(NO_ANSWER_REASON, LABEL_PT, gap=1),)
        self.verdict.set_runs((*head, *sure, *right), (*head, *right), (*head, *right[:1]), head)
        colors = [self.theme.answer if class_index == answer else self.theme.others
                  for class_index in range(len(names))]
        line = [(self.start, self.floor - 1, self.width, 1)]
        self.bars.set_blocks(line + [(self.start + index * self.step + 2, self.floor, self.step - 4, self.high * output)
                                     for index, output in enumerate(outputs)],
                             np.array([(*rgb(color), 255) for color in (self.theme.hairline, *colors)], np.uint8))
        for index, label in enumerate(self.labels):
            strong = {"color": "text", "bold": True} if index == answer else {}
            name = names[index] if max(map(len, names)) <= 2 else str(index)
            label.set_runs((self.run(name, mono=True, **strong),))

    def grid(self, session):
        """Return a cell for each class."""
        return (1, len(self.class_names)) if self.picture.get_visible() else None

    def first_cell(self, session):
        """Begin at the answer."""
        return 0, int(self.trace.predictions[0])

    def cell_at(self, session, x, y):
        """Return the class at a point; at the picture and the verdict, the answer."""
        box = self.start, self.floor - 16, self.width, self.high + 16
        if not self.picture.get_visible():
            return None
        if inside(self.picture.bounds(), x, y) or inside(self.verdict.bounds(), x, y):
            return self.first_cell(session)
        if not inside(box, x, y):
            return None
        return 0, min(int((x - self.start) / self.step), len(self.class_names) - 1)

    def choose(self, session, row, column):
        """Ask about a class."""
        session.selection.select_class(column)

    def describe(self, session, row, column):
        """Say what the network that learns gives a class."""
        scores = self.trace.sums[-1][0].astype(np.float64)
        formula, remark = self.output_text.describe(scores, column, self.trace.outputs[0, column])
        figure = {"color": "text", "mono": True, "gap": 1.5}
        runs = (self.run(f"output {self.class_names[column]}", color="text", bold=True),
                self.run("by the network as it is now: score", gap=2), self.run(score(scores[column]), **figure),
                self.run(self.output_text.name, gap=2), self.run(formula.text, **figure), self.run(remark, gap=2))
        return runs, (self.start + column * self.step, self.floor, self.step, self.high)
