"""What the network is without one neuron: errors and this digit's output, before and after."""

import numpy as np

from neuralscope.analysis.ablation import silence
from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import CAPTION, HEADLINE, NAME
from neuralscope.visualizer.input.keys import WINDOW
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.panel import Panel, inside


class Loss:
    """The test set with the chosen neuron awake and silenced, whatever others are: two evaluations and two traces."""

    def __init__(self, session):
        """Compute what is not there."""
        layer, neuron, survey = session.layer, session.neuron, session.study.survey
        self.silenced = session.is_silenced(layer, neuron)
        others = session.silenced.get(layer, frozenset()) - {neuron}
        self.others = sum(map(len, session.silenced.values())) - self.silenced
        awake, asleep = session.silenced | {layer: others}, session.silenced | {layer: others | {neuron}}
        self.before, self.after = (
            session.evaluation if now else survey.evaluate_silenced(silenced)
            for silenced, now in ((awake, not self.silenced), (asleep, self.silenced)))
        self.outputs = [silence(session.whole, silenced).forward(session.image).outputs[0]
                        for silenced in (awake, asleep)]
        was_right, is_right = (one.predictions == one.labels for one in (self.before, self.after))
        self.newly_wrong = int(np.count_nonzero(was_right & ~is_right))
        self.newly_right = int(np.count_nonzero(~was_right & is_right))

    def by_class(self, evaluation):
        """Return the errors of each class."""
        return evaluation.confusion.sum(axis=1) - np.diag(evaluation.confusion)


class Silenced(Panel):
    """Errors and this digit's probability before and after, in large figures; a click silences or wakes."""

    def __init__(self, painter):
        """Make the lines."""
        super().__init__(painter)
        self.title, self.figures, self.switch = self.add(Line()), self.add(Line()), self.add(Line())
        self.lines = [self.add(Line()) for _ in range(3)]

    def place(self, left, top, width):
        """Put the lines below each other."""
        lead = self.painter.leading
        self.title.x, self.title.y = left, top - 14 * lead
        self.figures.x, self.figures.y = left, top - 52 * lead
        for place, line in enumerate(self.lines):
            line.x, line.y, line.max_width = left, top - (76 + 18 * place) * lead, width
        self.box = left, self.lines[-1].y - 4, width, top - self.lines[-1].y

    def show(self, session, loss):
        """Set the figures."""
        count, state = thousands(loss.after.count), "silenced" if loss.silenced else "if silenced"
        self.title.set_runs((self.run(state, NAME, "text", bold=loss.silenced),
                             self.run("x", CAPTION, "text", mono=True, gap=2),
                             self.run("wakes it" if loss.silenced else "silences it", gap=1)))
        before, after = loss.before.errors, loss.after.errors
        self.figures.set_runs((self.run(f"{thousands(before)} → {thousands(after)}", HEADLINE, "text", bold=True),))
        beside = f", beside {loss.others} others" if loss.others > 1 else ", beside another" if loss.others else ""
        self.lines[0].set_runs((self.run(f"errors of {count} with this neuron held at 0{beside}"),),
                               (self.run(f"errors of {count}{beside}"),), (self.run(f"errors of {count}"),))
        self.lines[1].set_runs((self.run(f"{thousands(loss.newly_wrong)} newly wrong, "
                                         f"{thousands(loss.newly_right)} newly right"),))
        head, chosen = HEADS[session.network.layers[-1].activation], session.chosen
        one, other = (head.write(outputs[chosen]) for outputs in loss.outputs)
        self.lines[2].set_runs(
            (self.run(f"{head.name} of {session.dataset.class_names[chosen]}, this digit:"),
             self.run(f"{one} → {other}", color="text", mono=True, gap=1)),
            (self.run(f"{session.dataset.class_names[chosen]}, here:"),
             self.run(f"{one} → {other}", color="text", mono=True, gap=1)))

    def action_at(self, x, y):
        """Return the binding that silences or wakes."""
        return WINDOW.find("x") if inside(self.box, x, y) else None
