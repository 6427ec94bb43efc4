"""The view people came for: a digit, what the hidden neurons did with it, and what the outputs answer."""

from neuralscope.visualizer.drawing.layout import Box, three_columns
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.heatmap_panel import align_labels
from neuralscope.visualizer.widgets.hidden_layers import HiddenLayers
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.view import View


class ExploreView(View):
    """Digit, hidden activations and outputs side by side, on one height."""

    key, title = "e", "explore"

    def __init__(self, surface, session):
        """Make the three panels."""
        super().__init__(surface, session)
        layers = session.network.layers
        self.digit = Digit(surface, session.inputs)
        self.hidden = HiddenLayers(surface, layers[:-1])
        self.outputs = Outputs(surface, session.dataset.class_names, layers[-1].activation)
        self.panels = [self.digit, self.hidden, self.outputs]

    def place(self):
        """Keep the pictures square inside their boxes; all labels stand on one height."""
        super().place()
        picture, neurons, classes = three_columns(self.surface)
        if not self.session.inputs.is_picture:
            picture = picture._replace(bottom=classes.bottom, height=classes.height)  # bars need height
        self.digit.place(picture)
        self.hidden.place(*neurons.top_left, neurons.width)
        sheets = self.hidden.sheets if len(self.hidden.sheets) == 1 else []
        below = align_labels([self.digit, *sheets], picture.top)
        self.outputs.place(Box.hanging(*classes.top_left, classes.width, classes.top - below))

    def default_description(self):
        """Say what the neuron did that is chosen or pushes most; without a hidden layer, the pixel."""
        return (self.hidden.default_description(self.session) if self.hidden.sheets
                else self.digit.largest_part(self.session))
