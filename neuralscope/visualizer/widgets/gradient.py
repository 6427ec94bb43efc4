"""The gradient of the weights into one neuron, as a signed picture: inputs times the neuron's delta."""

from neuralscope.visualizer.widgets.backprop_text import gradient_runs, no_gradient_runs, unit_gradient
from neuralscope.visualizer.widgets.weighted_sum import Factor, unit_name


class Gradient(Factor):
    """The derivatives of the loss by the selected neuron's weights; without a hidden layer, the selected class's."""

    def __init__(self, surface, inputs, *key_and_shape):
        """Make the picture."""
        super().__init__(surface, "gradient", inputs, *key_and_shape)

    def values(self, session, attribution):
        """Return a derivative for each weight."""
        return unit_gradient(session)

    def wordings(self, session, attribution):
        """Return wordings of the name and of the caption, longest first."""
        unit = unit_name(session) if session.layers else f"output {session.dataset.class_names[session.selected_class]}"
        input_kind = "activation" if session.layer else session.inputs.quantity
        delta_word = "blame" if session.layers else "error"
        return ((f"gradient of the weights of {unit}", f"gradient, weights of {unit}", f"gradient for {unit}",
                 "gradient"),
                (f"{input_kind} × its {delta_word}: d loss / d weight", f"{input_kind} × {delta_word}", delta_word))

    def zero_runs(self, session):
        """Return the runs that say why there is no derivative other than 0."""
        return no_gradient_runs(self, session)

    def runs(self, session, input_index):
        """Return the runs that say where the gradient of the weight from an input comes from."""
        return gradient_runs(self, session, input_index)
