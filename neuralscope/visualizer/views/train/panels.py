"""The panels of a training at work: curves, weights, histograms, the digit shown, and the vitals."""

from neuralscope.visualizer.views.train.diagnostics import LINE_HEIGHT, Diagnostics
from neuralscope.visualizer.views.train.epoch_curves import EpochCurves
from neuralscope.visualizer.views.train.histogram import Histogram
from neuralscope.visualizer.views.train.live_prediction import LivePrediction
from neuralscope.visualizer.views.train.weight_grid import WeightGrid
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS

COLUMNS = 0.403, 0.443  # shares of the width: where the first column ends, where what stands beside it begins
MIN_HEIGHT_FOR_ALL = 700  # units of height below which there is room for two histograms only


class TrainingPanels:
    """Makes the panels, places them together and shows them the training's last TrainingObservation."""

    def __init__(self, surface, session):
        """Make the panels."""
        self.surface, self.session, self.log = surface, session, True
        self.loss = EpochCurves(surface, "loss", "loss", "test_loss")
        self.right = EpochCurves(surface, "right", "train_accuracy", "test_accuracy")
        self.weight_grid = WeightGrid(surface)
        self.histograms = [Histogram(surface) for _ in range(4)]
        self.live_prediction = LivePrediction(surface, session.dataset.class_names, session.inputs)
        self.diagnostics = Diagnostics(surface)
        self.panels = [self.loss, self.right, self.weight_grid, *self.histograms, self.live_prediction,
                       self.diagnostics]

    @property
    def shows_two_histograms(self):
        """Whether there is room for two histograms only: of sums, and of the gradient."""
        return self.surface.height < MIN_HEIGHT_FOR_ALL

    def place(self, page, band):
        """Put curves above ``band`` at the left, the rest at their right.

        In a window that is higher than wide the curves stand above all else, side by side.
        """
        surface, lead = self.surface, self.surface.leading
        below = 30 * lead  # a chart's numbers
        if surface.is_upright:
            curves = page.above(page.top - surface.y(0.2))
            charts = curves.columns(2, 40)
            self._place_rest(page.below(curves.bottom - below - 40 * lead).above(band + 20 * lead), split=0.52)
        else:
            curves = page.left_of(surface.x(COLUMNS[0])).above(band + below - 4 * lead)
            charts = curves.rows(2, below + 28 * lead)
            self._place_rest(page.right_of(surface.x(COLUMNS[1])), split=0.5)
        for chart, box in zip((self.loss, self.right), charts, strict=True):
            chart.place(box)

    def _place_rest(self, box, split):
        """Put weights and the digit at the left, histograms and diagnostics at the right."""
        lead, left = self.surface.leading, box.left_of(box.left + split * box.width)
        digit = left.below(box.bottom + max(70 * lead, 84 * self.surface.scale))
        self.weight_grid.place(left.above(digit.top + 66 * lead))
        self.live_prediction.place(digit)
        right = box.right_of(left.right + 0.055 * box.width)
        lines = right.below(box.bottom + 3 * LINE_HEIGHT * lead)
        self.diagnostics.place(*lines.top_left, lines.width)
        shown = [index for index in range(4) if not (self.shows_two_histograms and index in (1, 3))]
        rows = right.above(lines.top + 4 * lead).below(box.top + 20 * lead).rows(len(shown))
        for index, row in zip(shown, rows, strict=True):
            self.histograms[index].place(row.below(row.top - 20 * lead).above(row.bottom + 29 * lead))

    def show(self, observation):
        """Show a TrainingObservation of the session's training."""
        session, network = self.session, observation.network
        hidden = len(network.layers) - 1
        layer = min(session.layer, hidden - 1) if hidden else 0
        for chart in (self.loss, self.right):
            chart.show(observation, self.log)
        self.weight_grid.show(session, observation, layer)
        self.live_prediction.show(session, network)
        self.diagnostics.show(session, observation, layer)
        self._show_histograms(observation, layer, hidden)

    def _show_histograms(self, observation, layer, hidden):
        name = observation.network.layers[layer].activation
        which = f"layer {layer + 1} " if hidden > 1 else "hidden " if hidden else ""
        signed = ACTIVATION_TEXTS[name].signed if hidden else False
        last = len(observation.network.layers)
        shown = ((observation.trace.sums[layer], (f"{which}sums, before {name}", f"{which}sums"), True),
                 (observation.trace.activations[layer], (f"{which}activations",), signed),
                 (observation.gradients[f"W{layer + 1}"], (f"gradient, {which}weights", "gradient"), True),
                 (observation.gradients[f"W{last}"], ("gradient, output weights", "gradient, output"), True))
        for index, (histogram, (values, title_wordings, has_signs)) in enumerate(
            zip(self.histograms, shown, strict=True)
        ):
            # it would be the third once more
            hide = (self.shows_two_histograms and index in (1, 3)) or (index == 3 and not hidden)
            for artist in histogram.artists:
                artist.set_visible(not hide)
            if not hide:
                histogram.show(values, title_wordings, has_signs)
