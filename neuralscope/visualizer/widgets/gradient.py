"""The gradient of the weights into one neuron, as a signed picture: what goes in times the neuron's blame."""

from neuralscope.visualizer.widgets.backprop_text import gradient_of_unit, gradient_runs, no_gradient_runs
from neuralscope.visualizer.widgets.weighted_sum import Factor, unit_name


class Gradient(Factor):
    """The derivatives of the loss by the weights of the neuron chosen; without a hidden layer, of the class asked."""

    def __init__(self, painter, *key_and_shape):
        """Make the picture."""
        super().__init__(painter, "gradient", *key_and_shape)

    def values(self, session, added):
        """Return a derivative for each weight."""
        return gradient_of_unit(session)

    def words(self, session, added):
        """Return wordings of the name and of the caption, longest first."""
        unit = unit_name(session) if session.layers else f"output {session.dataset.class_names[session.chosen]}"
        what, blame = "activation" if session.layer else "ink", "blame" if session.layers else "error"
        return ((f"gradient of the weights of {unit}", f"gradient, weights of {unit}", f"gradient for {unit}",
                 "gradient"),
                (f"{what} × its {blame}: d loss / d weight", f"{what} × {blame}", blame))

    def none(self, session):
        """Return the runs that say why there is no derivative other than 0."""
        return no_gradient_runs(self, session)

    def runs(self, session, one):
        """Return the runs that say where the gradient of the weight from an input comes from."""
        return gradient_runs(self, session, one)
