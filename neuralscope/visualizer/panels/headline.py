"""The headline: what the network reads, how sure it is, and whether it is right."""

from neuralscope.visualizer.panels.formulas import HEADS
from neuralscope.visualizer.panels.panel import Panel
from neuralscope.visualizer.style import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.wording import thousands


class Headline(Panel):
    """The verdict in words, with its mark, and at the right which digit it is about."""

    def __init__(self, painter):
        """Make the two lines."""
        super().__init__(painter)
        self.verdict, self.which = self.add(Line()), self.add(Line(align="right"))

    def place(self):
        """Stand at the same height in every view."""
        self.verdict.x, self.verdict.y, _, _ = self.painter.box(0.029, 0.885, 0, 0)
        self.which.x, self.which.y, _, _ = self.painter.box(0.971, 0.885, 0, 0)
        self.which.max_width = 0.3 * self.painter.width

    def update(self, session, trace):
        """Say it."""
        names = session.dataset.class_names
        answer, truth = int(trace.predictions[0]), session.truth
        mark, color = ("✓ right", "right") if answer == truth else ("✗ wrong", "wrong")
        network = session.network
        head = HEADS[network.layers[-1].activation]
        what = () if network.head.sums_to_one else (self.run(head.name, LABEL, gap=3),)
        read = (self.run(f"reads {names[answer]}", HEADLINE, "text", bold=True), *what,
                self.run(head.write(trace.outputs[0, answer]), HEADLINE, "text", gap=0.7 if what else 1.5))
        verdict = (self.run(mark, SECOND, color, bold=True, gap=4),
                   self.run(f"the truth is {names[truth]}", LABEL, gap=2))
        self.verdict.set_runs(read + verdict)
        index, count = thousands(session.index), thousands(len(session.digits))
        self.which.set_runs(*(
            (self.run(words, LABEL), self.run(index, LABEL, "text", mono=True, gap=1),
             self.run(f"of {count}", LABEL, gap=1)) for words in ("test digit", "digit")))
