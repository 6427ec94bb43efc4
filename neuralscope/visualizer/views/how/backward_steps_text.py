"""The words and formulas of the five steps from the loss back to a weight; see `steps_text`.

Each function returns wordings, longest first, of the step's name and of what happens in it, and of its `Formula`.
"""

from neuralscope.formatting import counted
from neuralscope.visualizer.drawing.formula import Formula
from neuralscope.visualizer.views.how.steps_text import NO_HIDDEN_LAYER
from neuralscope.visualizer.widgets.backprop_text import (
    activation_gradient_formula,
    activation_slope,
    gradient_formula,
    hidden_delta_formula,
    loss_formula,
    loss_text,
    no_gradient_text,
    output_delta_formula,
    strongest_gradient,
    strongest_next_unit,
    target_text,
)
from neuralscope.visualizer.widgets.derivative_text import SLOPE_TEXTS
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name

ZERO = (Formula(result="0"),)


def loss_step(session):
    """Tell the loss."""
    target, why = session.dataset.class_names[session.target], target_text(session)
    wordings = loss_text(session).loss_wordings
    return ((f"loss, with target {target}, {why} ({session.network.head.loss})", f"loss, with target {target}, {why}",
             f"loss, target {target}, {why}", f"loss, target {target}"),
            wordings, loss_formula(session).wordings)


def output_delta_step(session):
    """Tell an output's delta."""
    row = delta_row(session)
    names = f"error of {session.dataset.class_names[row]} (d loss / d score)", "error (d loss / d score)", "error"
    target = session.dataset.class_names[session.target]
    sentences = [words.format(target) for words in loss_text(session).formula]
    return names, sentences, output_delta_formula(session, row).wordings


def delta_row(session):
    """Return the output whose delta is told: the target's, which the next step takes up, else the one selected."""
    return session.target if session.layers else session.selected_class


def activation_gradient_step(session):
    """Tell the gradient of the activation of the neuron selected."""
    if not session.layers:
        return ("what comes back",), *NO_HIDDEN_LAYER
    layer, neuron = session.layer, session.neuron
    name = f"what comes back to {unit_name(session)}"
    names = f"{name} (d loss / d activation)", name
    last = layer == session.layers - 1
    count = session.network.sizes[layer + 2]
    source_phrase = f"the {counted(count, 'output' if last else 'neuron')}{'' if last else f' of layer {layer + 2}'}"
    sentences = f"{'error' if last else 'blame'} × weight, added up over {source_phrase}", f"over {source_phrase}"
    if session.is_ablated(layer, neuron):
        return names, ("it is silenced: the answer does not hang on it", "it is silenced"), ZERO
    source = session.target if last else strongest_next_unit(session, layer, neuron)
    return names, sentences, activation_gradient_formula(session, layer, neuron, source).wordings


def hidden_delta_step(session):
    """Tell the delta of the neuron selected."""
    if not session.layers:
        return ("blame",), *NO_HIDDEN_LAYER
    layer, neuron = session.layer, session.neuron
    name = session.network.layers[layer].activation
    names = f"blame of {unit_name(session)} (d loss / d sum)", "blame (d loss / d sum)"
    if session.is_ablated(layer, neuron):
        return names, ("it is silenced: held at 0, whatever its sum", "it is silenced: held at 0"), ZERO
    value, slope = float(session.backprop.trace.activations[layer][0, neuron]), activation_slope(session, layer, neuron)
    why = SLOPE_TEXTS[name](value, slope)
    return (names, (f"what comes back × slope of {name}: {why}", f"× slope of {name}: {why}", f"× slope of {name}"),
            hidden_delta_formula(session, layer, neuron).wordings)


def gradient_step(session):
    """Tell the largest gradient of a weight into the neuron selected."""
    input_index, source_phrase = strongest_gradient(session), "activation" if session.layer else session.inputs.quantity
    formula = f"{source_phrase} × {'blame' if session.layers else 'error'}"
    names, none = ("gradient of a weight (d loss / d weight)", "gradient of a weight"), no_gradient_text(session)
    if none:
        return names, (none, formula), ZERO
    return (names, (f"{formula}; learning takes a small part of it off the weight", formula),
            gradient_formula(session, input_index).named(input_name(session, input_index)).wordings)


BACKWARD_STEPS = loss_step, output_delta_step, activation_gradient_step, hidden_delta_step, gradient_step
