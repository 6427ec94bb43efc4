"""How it works: five steps from pixels to the answer, or from its loss back to a weight, in this digit's numbers."""

from neuralscope.formatting import counted, thousands
from neuralscope.visualizer.drawing.layout import DEEP_FOOT, Box
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.session.non_finite import has_answer
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.significant import significant
from neuralscope.visualizer.widgets.view import View

DIRECTION_BINDING = Binding(
    ("down", "up"), "toggle_direction", "the way back, from the loss to a weight; or the way to the answer", "way back"
)


class HowHeadline(Headline):
    """What goes in and what comes out."""

    def wordings(self, session, trace):
        """Return the wordings of how much becomes what, and of the verdict."""
        if session.shows_backprop:
            loss = self.run(f"loss {significant(session.backprop.loss)}", HEADLINE_PT, "text", bold=True)
            weights = sum(layer.weights.size + layer.biases.size for layer in session.network.layers)
            return ((loss, self.run("goes back to", LABEL_PT, gap=3),
                     self.run(f"{thousands(weights)} weights and biases", SUBHEADLINE_PT, "text", gap=1.5)), (loss,))
        read, right = self.prediction_runs(session, trace), self.correctness_runs(session, trace)
        if not has_answer(trace):
            return super().wordings(session, trace)
        begins = self.run(counted(session.inputs.count, session.inputs.noun), HEADLINE_PT, "text")
        into = self.run("become", LABEL_PT, gap=3)
        answer = self.run(session.dataset.class_names[int(trace.predictions[0])], HEADLINE_PT, "text", bold=True, gap=1)
        prediction = (begins, into, answer, *read[1:])
        return prediction + right, prediction + right[:1], *super().wordings(session, trace)


class HowView(View):
    """Inputs × weights = what each adds, and its sum above; the five steps below.

    With backprop: inputs × hidden delta = gradient, and the outputs' deltas.
    """

    key, title = "h", "how it works"
    headline_class = HowHeadline
    bindings = KeyTable([
        Binding(("left",), "choose_adjacent_neuron", "the neuron before, by number", "before", takes_key=True),
        Binding(("right",), "choose_adjacent_neuron", "the neuron after, by number", "after", takes_key=True),
        DIRECTION_BINDING,
    ])

    def __init__(self, surface, session):
        """Make the panels."""
        super().__init__(surface, session)
        if not session.layers:
            self.bindings = KeyTable([DIRECTION_BINDING])
        self._make()

    def _make(self):
        """Make the panels of the direction shown."""
        from neuralscope.visualizer.views.how.backward_steps import BackwardSteps
        from neuralscope.visualizer.views.how.single_delta import SingleDelta
        from neuralscope.visualizer.views.how.steps import Steps
        from neuralscope.visualizer.views.how.sum_waterfall import SumWaterfall
        from neuralscope.visualizer.widgets.gradient import Gradient
        from neuralscope.visualizer.widgets.hidden_deltas import SelectedHiddenDeltas
        from neuralscope.visualizer.widgets.output_deltas import OutputDeltas
        from neuralscope.visualizer.widgets.weighted_sum import INPUTS, Factor, WeightedSum

        surface, layers, names = self.surface, self.session.network.layers, self.session.dataset.class_names
        inputs = self.session.inputs
        if self.session.shows_backprop:
            delta_panel = SelectedHiddenDeltas(surface, layers[:-1]) if self.session.layers else SingleDelta(surface)
            self.weighted_sum = WeightedSum(surface, inputs, [
                Factor(surface, INPUTS, inputs), delta_panel, Gradient(surface, inputs)])
            self.sum_panel = OutputDeltas(surface, names, layers[-1].activation, labelled=False)
            self.steps = BackwardSteps(surface)
        else:
            self.weighted_sum, self.sum_panel, self.steps = (
                WeightedSum(surface, inputs), SumWaterfall(surface), Steps(surface))
        self.panels = [self.weighted_sum, self.sum_panel, self.steps]

    def toggle_direction(self):
        """Show the other direction."""
        for panel in self.panels:
            panel.close()
        self.focus = None
        self.session.shows_backprop = not self.session.shows_backprop
        self._make()
        self.place()

    def place(self):
        """Three pictures and the waterfall in a row, in an upright window one below the other; the steps below."""
        super().place()
        scale, lead = self.surface.scale, self.surface.leading
        page, gap, upright = self.surface.page(foot=DEEP_FOOT, by_height=True), 48 * scale, self.surface.is_upright
        side = page.columns(3, gap)[0].width if upright else self.surface.y(0.245)
        side = max(1, int(side / 28)) * 28
        steps = page.below(page.top - side - 80 * lead)  # three lines of labels
        self.weighted_sum.place(*page.top_left, side, gap)
        if upright:
            rows = steps.below(steps.top - 30 * lead)
            self.sum_panel.place(rows.above(rows.top - 150 * lead))
            steps = steps.below(steps.top - 200 * lead)
        else:
            beside = page.right_of(page.left + 3 * side + 2 * gap + 64 * scale)
            self.sum_panel.place(Box.hanging(*beside.top_left, beside.width, side))
        self.steps.place(steps)

    def default_description(self):
        """Say what the pixel, or the neuron of the layer before, does that adds or takes away most; its gradient."""
        return self.weighted_sum.largest_part(self.session)

    def choose_adjacent_neuron(self, key):
        """Select the next neuron of the layer, or the one before."""
        session = self.session
        if session.layers:
            count, step = session.network.sizes[session.layer + 1], 1 if key == "right" else -1
            session.selection.select_neuron(session.layer, (session.neuron + step) % count)
