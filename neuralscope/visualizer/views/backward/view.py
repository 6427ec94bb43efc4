"""The way back: from the loss over the outputs' errors and the hidden neurons' blame to the gradient of weights."""

import math

from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.widgets.backprop_text import error_runs, loss_runs, target_words
from neuralscope.visualizer.widgets.gradient import Gradient
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.heatmap_panel import level
from neuralscope.visualizer.widgets.hidden_deltas import Blame
from neuralscope.visualizer.widgets.hidden_layers import Hidden
from neuralscope.visualizer.widgets.output_deltas import Errors
from neuralscope.visualizer.widgets.panel import inside
from neuralscope.visualizer.widgets.significant import significant
from neuralscope.visualizer.widgets.view import View


class LossHeadline(Headline):
    """How large the loss is, and for which target."""

    def say(self, session, trace):
        """Return the wordings, longest first."""
        head = (self.run("loss", HEADLINE, "text", bold=True),
                self.run(significant(session.way_back.loss), HEADLINE, "text", gap=1))
        target = (self.run(f"target {session.dataset.class_names[session.target]}", SECOND, "text", gap=3),
                  self.run(target_words(session), LABEL, gap=1.5))
        right = () if session.truth is None else self.right(session, trace)[:1]
        return head + target + right, head + target, head + target[:1], head

    def grid(self, session):
        """Return one spot: the loss."""
        return 1, 1

    def spot_at(self, session, x, y):
        """Return the spot at a point."""
        return (0, 0) if inside(self.verdict.bounds(), x, y) else None

    def account(self, session, row, column):
        """Say where the loss comes from."""
        return loss_runs(self, session), self.verdict.bounds()


class Backward(View):
    """As explore, read from right to left: errors, blame, and the gradient where the digit stands there."""

    key, title = "b", "backward"
    headline_class = LossHeadline

    def __init__(self, painter, session):
        """Make the three panels."""
        super().__init__(painter, session)
        layers = session.network.layers
        side = math.isqrt(session.digits.images.shape[1])
        self.gradient = Gradient(painter, 144, (side, side))
        self.blame = Hidden(painter, layers[:-1], sheet=Blame)
        self.errors = Errors(painter, session.dataset.class_names, layers[-1].activation)
        self.panels = [self.errors, self.blame, self.gradient]

    def place(self):
        """Keep the pictures square inside their boxes."""
        super().place()
        left, bottom, width, height = self.painter.box(0.029, 0.265, 0.32, 0.56)
        side, top = min(width, height), bottom + height
        self.gradient.place(left, top, side, side)
        self.blame.place(0.377 * self.painter.width, top, side)
        sheets = self.blame.sheets if len(self.blame.sheets) == 1 else []
        below = level([self.gradient, *sheets], top)
        for panel in (self.gradient, *sheets):  # as high as the errors beside them
            panel.picture.room = (panel.picture.room[0], top, *panel.picture.room[2:])
        left, _, width, _ = self.painter.box(0.726, 0, 0.245, 0)
        self.errors.place(left, top, width, top - below)

    def parts(self):
        """Return the loss too."""
        return [self.headline, *super().parts()]

    def at_rest(self):
        """Say where the blame of the neuron chosen comes from; without a hidden layer, the error asked about."""
        if self.blame.sheets:
            return self.blame.at_rest(self.session)
        return error_runs(self.errors, self.session, self.session.chosen), None

    def close(self):
        """What the next view explains is the way back too."""
        super().close()
        self.session.goes_back = True
