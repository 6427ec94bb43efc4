"""How it works: five steps from the pixels to the answer, or from its loss back to a weight, with this digit's numbers.
"""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.views.how.backward_steps import BackSteps
from neuralscope.visualizer.views.how.single_delta import ErrorHere
from neuralscope.visualizer.views.how.steps import Steps
from neuralscope.visualizer.views.how.sum_waterfall import Addends
from neuralscope.visualizer.widgets.gradient import Gradient
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.hidden_deltas import BlameHere
from neuralscope.visualizer.widgets.output_deltas import Errors
from neuralscope.visualizer.widgets.significant import significant
from neuralscope.visualizer.widgets.view import View
from neuralscope.visualizer.widgets.weighted_sum import INPUTS, Factor, Product

TURN = Binding(("down", "up"), "turn", "the way back, from the loss to a weight; or the way to the answer", "way back")


class HowHeadline(Headline):
    """What goes in and what comes out."""

    def say(self, session, trace):
        """Return the wordings of how much becomes what, and of the verdict."""
        if session.goes_back:
            loss = self.run(f"loss {significant(session.way_back.loss)}", HEADLINE, "text", bold=True)
            weights = sum(layer.weights.size + layer.biases.size for layer in session.network.layers)
            return ((loss, self.run("goes back to", LABEL, gap=3),
                     self.run(f"{thousands(weights)} weights and biases", SECOND, "text", gap=1.5)), (loss,))
        read, right = self.read(session, trace), self.right(session, trace)
        begins = self.run(f"{thousands(trace.images.shape[1])} pixels", HEADLINE, "text")
        into = self.run("become", LABEL, gap=3)
        answer = self.run(session.dataset.class_names[int(trace.predictions[0])], HEADLINE, "text", bold=True, gap=1)
        whole = (begins, into, answer, *read[1:])
        return whole + right, whole + right[:1], *super().say(session, trace)


class How(View):
    """Inputs × weights = what each adds, and its sum above; the five steps below.

    On the way back: inputs × blame = gradient, and the outputs' errors.
    """

    key, title = "h", "how it works"
    headline_class = HowHeadline
    bindings = KeyTable([
        Binding(("left",), "walk", "the neuron before, by number", "before", takes_key=True),
        Binding(("right",), "walk", "the neuron after, by number", "after", takes_key=True),
        TURN,
    ])

    def __init__(self, painter, session):
        """Make the panels."""
        super().__init__(painter, session)
        if not session.layers:
            self.bindings = KeyTable([TURN])
        self._make()

    def _make(self):
        """Make the panels of the way that is asked for."""
        painter, layers, names = self.painter, self.session.network.layers, self.session.dataset.class_names
        if self.session.goes_back:
            blame = BlameHere(painter, layers[:-1]) if self.session.layers else ErrorHere(painter)
            self.product = Product(painter, [Factor(painter, INPUTS), blame, Gradient(painter)])
            self.addends, self.steps = Errors(painter, names, layers[-1].activation, labelled=False), BackSteps(painter)
        else:
            self.product, self.addends, self.steps = Product(painter), Addends(painter), Steps(painter)
        self.panels = [self.product, self.addends, self.steps]

    def turn(self):
        """Show the other way."""
        for panel in self.panels:
            panel.close()
        self.cursor = None
        self.session.goes_back = not self.session.goes_back
        self._make()
        self.place()

    def place(self):
        """Three pictures and the waterfall in a row, in an upright window one below the other; the steps below."""
        super().place()
        scale, lead = self.painter.scale, self.painter.leading
        left, bottom, width, height = self.painter.box(0.029, 0.142, 0.942, 0.683)
        gap, top, upright = 48 * scale, bottom + height, self.painter.height > self.painter.width
        side = (width - 2 * gap) / 3 if upright else 0.245 * self.painter.height
        side = max(1, int(side / 28)) * 28
        below = top - side - 80 * lead  # three lines of labels
        self.product.place(left, top, side, gap)
        start = left if upright else left + 3 * side + 2 * gap + 64 * scale
        rows = 150 * lead if upright else side
        self.addends.place(start, below - 30 * lead if upright else top, left + width - start, rows)
        below -= (rows + 50 * lead) * upright
        self.steps.place(left, below, width, below - bottom)

    def at_rest(self):
        """Say what the pixel, or the neuron of the layer before, does that adds or takes away most; its gradient."""
        return self.product.strongest(self.session)

    def walk(self, key):
        """Choose the next neuron of the layer, or the one before."""
        session = self.session
        if session.layers:
            count, step = session.network.sizes[session.layer + 1], 1 if key == "right" else -1
            session.choose_neuron(session.layer, (session.neuron + step) % count)
