"""The panels of a training at work: curves, weights, histograms, the digit shown, and the vitals."""

from neuralscope.visualizer.views.train.diagnostics import STEP, Vitals
from neuralscope.visualizer.views.train.epoch_curves import Chart
from neuralscope.visualizer.views.train.histogram import Histogram
from neuralscope.visualizer.views.train.live_prediction import Judged
from neuralscope.visualizer.views.train.weight_grid import Tiles
from neuralscope.visualizer.widgets.function_text import ACTIVATIONS

LEAST = 700  # units of height below which there is room for two histograms only


class Learning:
    """Makes the panels, places them together and shows them the training's last Moment."""

    def __init__(self, painter, session):
        """Make the panels."""
        self.painter, self.session, self.log = painter, session, True
        self.loss = Chart(painter, "loss", "loss", "test_loss")
        self.right = Chart(painter, "right", "train_accuracy", "test_accuracy")
        self.tiles = Tiles(painter)
        self.histograms = [Histogram(painter) for _ in range(4)]
        self.judged = Judged(painter, session.dataset.class_names)
        self.vitals = Vitals(painter)
        self.panels = [self.loss, self.right, self.tiles, *self.histograms, self.judged, self.vitals]

    @property
    def few(self):
        """Whether there is room for two histograms only: of sums, and of the gradient."""
        return self.painter.height < LEAST

    def place(self, left, right, top, foot, band):
        """Put curves above ``band`` at the left, the rest at their right, from ``top`` to ``foot``.

        In a window that is higher than wide the curves stand above all else, side by side.
        """
        width, height, lead = self.painter.width, self.painter.height, self.painter.leading
        below = 30 * lead  # a chart's numbers
        if height > width:
            half, high = (right - left) / 2 - 20, 0.2 * height
            self.loss.place(left, top, half, high)
            self.right.place(left + half + 40, top, half, high)
            upper = top - high - below - 40 * lead
            self._place_rest(left, right, upper, band + 20 * lead, split=0.52)
            return
        first = 0.403 * width - left
        high = (top - band - 2 * below - 24 * lead) / 2
        self.loss.place(left, top, first, high)
        self.right.place(left, top - high - below - 28 * lead, first, high)
        self._place_rest(0.443 * width, right, top, foot, split=0.5)

    def _place_rest(self, left, right, top, foot, split):
        """Put weights and the digit at the left, histograms and vitals at the right."""
        lead, width = self.painter.leading, split * (right - left)
        digit = max(70 * lead, 84 * self.painter.scale)
        self.tiles.place(left, top, width, top - foot - digit - 66 * lead)
        self.judged.place(left, foot + digit, width, digit)
        start = left + width + 0.055 * (right - left)
        vitals = 3 * STEP * lead
        self.vitals.place(start, foot + vitals, right - start)
        shown = [place for place in range(4) if not (self.few and place in (1, 3))]
        pitch = (top + 20 * lead - foot - vitals - 4 * lead) / len(shown)
        for number, place in enumerate(shown):
            self.histograms[place].place(start, top - number * pitch, right - start, pitch - 49 * lead)

    def show(self, moment):
        """Show a Moment of the session's training."""
        session, training = self.session, self.session.training
        network = moment.network
        hidden = len(network.layers) - 1
        layer = min(session.layer, hidden - 1) if hidden else 0
        for chart in (self.loss, self.right):
            chart.show(moment, self.log)
        self.tiles.show(session, moment, layer)
        self.judged.show(session, network)
        self.vitals.show(moment, layer, training)
        self._show_histograms(moment, layer, hidden)

    def _show_histograms(self, moment, layer, hidden):
        name = moment.network.layers[layer].activation
        which = f"layer {layer + 1} " if hidden > 1 else "hidden " if hidden else ""
        signed = ACTIVATIONS[name].signed if hidden else False
        last = len(moment.network.layers)
        shown = ((moment.trace.sums[layer], (f"{which}sums, before {name}", f"{which}sums"), True),
                 (moment.trace.activations[layer], (f"{which}activations",), signed),
                 (moment.gradients[f"W{layer + 1}"], (f"gradient, {which}weights", "gradient"), True),
                 (moment.gradients[f"W{last}"], ("gradient, output weights", "gradient, output"), True))
        for place, (histogram, (values, what, has_signs)) in enumerate(zip(self.histograms, shown, strict=True)):
            hide = (self.few and place in (1, 3)) or (place == 3 and not hidden)  # it would be the third once more
            for artist in histogram.artists:
                artist.set_visible(not hide)
            if not hide:
                histogram.show(values, what, has_signs)
