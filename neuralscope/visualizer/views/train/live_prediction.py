"""The digit shown, as the network that learns reads it now."""

import math

import numpy as np

from neuralscope.formatting import score
from neuralscope.visualizer.drawing.heatmap import Picture
from neuralscope.visualizer.drawing.shapes import Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL, look_up, rgb
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.panel import Panel, inside


class Judged(Panel):
    """The picture, the answer with its mark, and a bar for each class."""

    chooses_class = True

    def __init__(self, painter, class_names):
        """Make the artists."""
        super().__init__(painter)
        self.class_names = class_names
        self.picture, self.bars = self.add(Picture()), self.add(Blocks())
        self.verdict = self.add(Line())
        self.labels = [self.add(Line(align="center")) for _ in class_names]

    def place(self, left, top, width, height):
        """Put the picture at the left, bars beside it, and the verdict above them."""
        self.picture.room = left, top, height, height
        self.start = left + height + 18 * self.painter.scale
        self.width = left + width - self.start
        self.step = self.width / len(self.class_names)
        lead = self.painter.leading
        self.verdict.x, self.verdict.y, self.verdict.max_width = self.start, top - 12 * lead, self.width
        self.floor, self.high = top - height + 16 * lead, max(10.0, height - 38 * lead)
        for place, line in enumerate(self.labels):
            line.x, line.y = self.start + (place + 0.5) * self.step, top - height + 2 * lead

    def show(self, session, network):
        """Show what ``network`` answers to the session's digit."""
        self.trace = network.forward(session.image)
        self.words = HEADS[network.layers[-1].activation]
        side = math.isqrt(session.image.shape[1])
        self.picture.set_cells(look_up(self.theme.ink, session.image.reshape(side, side), 1))
        outputs, answer = self.trace.outputs[0].astype(float), int(self.trace.predictions[0])
        names, truth = self.class_names, session.truth
        right = () if truth is None else (self.run("✓ right", LABEL, "right", bold=True, gap=2),) if (
            truth == answer) else (self.run("✗ wrong,", LABEL, "wrong", bold=True, gap=2),
                                   self.run(f"it is {names[truth]}", LABEL, gap=1))
        head = (self.run(f"reads {names[answer]}", LABEL, "text", bold=True),)
        sure = (self.run(self.words.write(outputs[answer]), LABEL, "text", gap=1.5),)
        self.verdict.set_runs((*head, *sure, *right), (*head, *right), (*head, *right[:1]), head)
        colors = [self.theme.answer if one == answer else self.theme.others for one in range(len(names))]
        line = [(self.start, self.floor - 1, self.width, 1)]
        self.bars.set_blocks(line + [(self.start + place * self.step + 2, self.floor, self.step - 4, self.high * output)
                                     for place, output in enumerate(outputs)],
                             np.array([(*rgb(color), 255) for color in (self.theme.hairline, *colors)], np.uint8))
        for place, label in enumerate(self.labels):
            strong = {"color": "text", "bold": True} if place == answer else {}
            name = names[place] if max(map(len, names)) <= 2 else str(place)
            label.set_runs((self.run(name, mono=True, **strong),))

    def grid(self, session):
        """Return a spot for each class."""
        return (1, len(self.class_names)) if self.picture.get_visible() else None

    def first_spot(self, session):
        """Begin at the answer."""
        return 0, int(self.trace.predictions[0])

    def spot_at(self, session, x, y):
        """Return the class at a point; at the picture and the verdict, the answer."""
        box = self.start, self.floor - 16, self.width, self.high + 16
        if not self.picture.get_visible():
            return None
        if inside(self.picture.bounds(), x, y) or inside(self.verdict.bounds(), x, y):
            return self.first_spot(session)
        if not inside(box, x, y):
            return None
        return 0, min(int((x - self.start) / self.step), len(self.class_names) - 1)

    def choose(self, session, row, column):
        """Ask about a class."""
        session.ask(column)

    def account(self, session, row, column):
        """Say what the network that learns gives a class."""
        scores = self.trace.sums[-1][0].astype(np.float64)
        result = self.words.write(self.trace.outputs[0, column])
        figures, remark = self.words.account(scores, column, result)
        figure = {"color": "text", "mono": True, "gap": 1.5}
        runs = (self.run(f"output {self.class_names[column]}", color="text", bold=True),
                self.run("by the network as it is now: score", gap=2), self.run(score(scores[column]), **figure),
                self.run(self.words.name, gap=2), self.run(figures, **figure), self.run(remark, gap=2))
        return runs, (self.start + column * self.step, self.floor, self.step, self.high)
