"""Backpropagation: from the loss over output deltas and hidden deltas to the gradient of weights."""

from neuralscope.visualizer.drawing.layout import Box, three_columns
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.widgets.backprop_text import loss_runs, output_delta_runs, target_text
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.heatmap_panel import align_labels
from neuralscope.visualizer.widgets.hidden_layers import HiddenLayers
from neuralscope.visualizer.widgets.panel import inside
from neuralscope.visualizer.widgets.significant import significant
from neuralscope.visualizer.widgets.view import View


class LossHeadline(Headline):
    """How large the loss is, and for which target."""

    def wordings(self, session, trace):
        """Return the wordings, longest first."""
        head = (self.run("loss", HEADLINE_PT, "text", bold=True),
                self.run(significant(session.backprop.loss), HEADLINE_PT, "text", gap=1))
        target = (self.run(f"target {session.dataset.class_names[session.target]}", SUBHEADLINE_PT, "text", gap=3),
                  self.run(target_text(session), LABEL_PT, gap=1.5))
        right = () if session.is_user_digit else self.correctness_runs(session, trace)[:1]
        return head + target + right, head + target, head + target[:1], head

    def grid(self, session):
        """Return one cell: the loss."""
        return 1, 1

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        return (0, 0) if inside(self.verdict.bounds(), x, y) else None

    def describe(self, session, row, column):
        """Say where the loss comes from."""
        return loss_runs(self, session), self.verdict.bounds()


class BackwardView(View):
    """As explore, from right to left: output deltas, hidden deltas, and the gradient in the digit's position."""

    key, title = "b", "backward"
    headline_class = LossHeadline

    def __init__(self, surface, session):
        """Make the three panels."""
        from neuralscope.visualizer.widgets.gradient import Gradient
        from neuralscope.visualizer.widgets.hidden_deltas import HiddenDeltas
        from neuralscope.visualizer.widgets.output_deltas import OutputDeltas

        super().__init__(surface, session)
        layers = session.network.layers
        self.gradient = Gradient(surface, session.inputs, 144, session.inputs.shape)
        self.hidden_deltas = HiddenLayers(surface, layers[:-1], sheet=HiddenDeltas)
        self.output_deltas = OutputDeltas(surface, session.dataset.class_names, layers[-1].activation)
        self.panels = [self.output_deltas, self.hidden_deltas, self.gradient]

    def place(self):
        """Keep the pictures square inside their boxes."""
        super().place()
        picture, neurons, classes = three_columns(self.surface)
        if not self.session.inputs.is_picture:
            picture = picture._replace(bottom=classes.bottom, height=classes.height)  # bars need height
        self.gradient.place(picture)
        self.hidden_deltas.place(*neurons.top_left, neurons.width)
        sheets = self.hidden_deltas.sheets if len(self.hidden_deltas.sheets) == 1 else []
        below = align_labels([self.gradient, *sheets], picture.top)
        for panel in (self.gradient, *sheets):  # as high as the errors beside them
            panel.picture.room = (panel.picture.room[0], picture.top, *panel.picture.room[2:])
        self.output_deltas.place(Box.hanging(*classes.top_left, classes.width, classes.top - below))

    def parts(self):
        """Return the loss too."""
        return [self.headline, *super().parts()]

    def default_description(self):
        """Say where the selected neuron's hidden delta comes from; without a hidden layer, the output delta."""
        if self.hidden_deltas.sheets:
            return self.hidden_deltas.default_description(self.session)
        return output_delta_runs(self.output_deltas, self.session, self.session.selected_class), None

    def close(self):
        """The next view explains backpropagation too."""
        super().close()
        self.session.shows_backprop = True
