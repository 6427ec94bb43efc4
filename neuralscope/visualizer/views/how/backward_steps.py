"""Five steps from the loss back to a weight, each with its formula and with this digit's numbers put in."""

from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.views.how.backward_steps_text import BACKWARD_STEPS, delta_row
from neuralscope.visualizer.views.how.steps import Steps
from neuralscope.visualizer.widgets.backprop_text import (
    gradient_runs,
    hidden_delta_runs,
    loss_runs,
    no_gradient_runs,
    no_gradient_text,
    output_delta_runs,
    strongest_gradient,
)


class BackwardSteps(Steps):
    """A row for each step of backprop."""

    steps = BACKWARD_STEPS

    def choose(self, session, row, column):
        """Open the view that shows all deltas and all gradients."""
        return OpenView("b")

    def runs(self, session, row):
        """Return the runs that say where the numbers of a step come from."""
        if not row:
            return loss_runs(self, session)
        if row == 1 or (not session.layers and row < len(BACKWARD_STEPS) - 1):
            return output_delta_runs(self, session, delta_row(session))
        if row == len(BACKWARD_STEPS) - 1:
            if no_gradient_text(session):
                return no_gradient_runs(self, session)
            return gradient_runs(self, session, strongest_gradient(session))
        return hidden_delta_runs(self, session, session.layer, session.neuron)
