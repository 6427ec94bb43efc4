"""The headline: what the network reads, how sure it is, and whether it is right."""

from dataclasses import replace

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.input.keys import WINDOW
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.panel import Panel, inside


class Headline(Panel):
    """The verdict in words, with its mark; at the right which digit it is about, and above that what is silenced."""

    def __init__(self, painter):
        """Make the three lines."""
        super().__init__(painter)
        self.verdict, self.which = self.add(Line()), self.add(Line(align="right"))
        self.silenced = self.add(Line(align="right"))

    def place(self):
        """Stand at the same height in every view."""
        self.verdict.x, self.verdict.y, _, _ = self.painter.box(0.029, 0.885, 0, 0)
        self.which.x, self.which.y, _, _ = self.painter.box(0.971, 0.885, 0, 0)
        self.silenced.x, self.silenced.y, _, _ = self.painter.box(0.971, 0.955, 0, 0)
        self.which.max_width = 0.4 * self.painter.width

    def begin_after(self, end):
        """Leave the room to the left of ``end`` to the names of the views."""
        self.silenced.max_width = self.silenced.x - end

    @property
    def title(self):
        """The words for the window's title."""
        return f"{self.which.text}, {self.verdict.text}"

    def update(self, session, trace):
        """Say it; the verdict in its longest wording that leaves room for the words at the right."""
        self.which.set_runs(*self._at_the_right(session))
        taken = self.which.bounds()[2] + 16 * self.painter.scale
        self.verdict.max_width = 0.942 * self.painter.width - taken
        self.verdict.set_runs(*self.say(session, trace))
        self.silenced.set_runs(*self._say_silenced(session))

    def say(self, session, trace):
        """Return the wordings of the verdict, longest first."""
        read, right = self.read(session, trace), self.right(session, trace)
        return read + right, read + right[:1], read

    def read(self, session, trace):
        """Return the runs that say what is read, and how surely."""
        answer, network = int(trace.predictions[0]), session.network
        head = HEADS[network.layers[-1].activation]
        what = () if network.head.sums_to_one else (self.run(head.name, LABEL, gap=3),)
        return (self.run(f"reads {session.dataset.class_names[answer]}", HEADLINE, "text", bold=True), *what,
                self.run(head.write(trace.outputs[0, answer]), HEADLINE, "text", gap=0.7 if what else 1.5))

    def right(self, session, trace):
        """Return the runs that say whether it is right; where nobody knows, what else it might be."""
        if session.truth is None:
            return self.second(session, trace)
        right = int(trace.predictions[0]) == session.truth
        mark, color = ("✓ right", "right") if right else ("✗ wrong", "wrong")
        return (self.run(mark, SECOND, color, bold=True, gap=4),
                self.run(f"the truth is {session.dataset.class_names[session.truth]}", LABEL, gap=2))

    def second(self, session, trace):
        """Return the runs that say what is the second best guess."""
        outputs, head = trace.outputs[0], HEADS[session.network.layers[-1].activation]
        order = np.argsort(-outputs, kind="stable")
        if len(order) < 2:
            return ()
        one = int(order[1])
        return (self.run(f"then {session.dataset.class_names[one]}, {head.write(outputs[one])}", LABEL, gap=3),)

    def which_one(self, session):
        """Return the wordings that say which digit is shown."""
        if session.own:
            return tuple((self.run(words, LABEL),) for words in (session.sketch.name, "your picture"))
        index, count = thousands(session.index), thousands(len(session.digits))
        return tuple((self.run(words, LABEL), self.run(index, LABEL, "text", mono=True, gap=1),
                      self.run(f"of {count}", LABEL, gap=1)) for words in ("test digit", "digit"))

    def _at_the_right(self, session):
        """Return the wordings of which digit it is, after which network reads it, if that is not the file's own."""
        if not session.stage:
            return self.which_one(session)
        stage = self.run(session.stage, LABEL, "text", bold=True)
        return *((stage, replace(words[0], gap=2), *words[1:]) for words in self.which_one(session)), (stage,)

    def _say_silenced(self, session):
        """Say which neurons are silenced, all if there is room, and how to wake them."""
        if not session.silenced:
            return ((),)
        layers = [", ".join(map(str, sorted(neurons))) for neurons in session.silenced.values()]
        if session.layers > 1:
            layers = [f"layer {layer + 1}: {names}" for layer, names in zip(session.silenced, layers, strict=True)]
        count = sum(map(len, session.silenced.values()))
        wake = self.run("X", color="text", mono=True, gap=2), self.run("wakes all" if count > 1 else "wakes it", gap=1)
        neurons = f"{thousands(count)} neuron{'s' if count > 1 else ''} silenced"
        return [(self.run("✕ " + words, color="text", bold=True), *wake)
                for words in (f"{neurons}: {'; '.join(layers)}", neurons, f"{thousands(count)} silenced")]

    def action_at(self, x, y):
        """Return the binding that wakes all, where it is offered."""
        found = self.silenced.text and inside(self.silenced.bounds(), x, y)
        return WINDOW.find("X") if found else None
