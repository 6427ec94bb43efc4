"""The words and figures of the five steps of backpropagation, from the loss to a weight; see `steps_text`.

Each function returns wordings, longest first, of the step's name, of what happens in it, and of its figures, in which
words stand in braces.
"""

from neuralscope.formatting import thousands
from neuralscope.visualizer.views.how.steps_text import with_shorter_wording
from neuralscope.visualizer.widgets.backprop_text import (
    activation_gradient_figures,
    activation_slope,
    gradient_figures,
    hidden_delta_figures,
    loss_figures,
    loss_text,
    no_gradient_text,
    output_delta_figures,
    strongest_gradient,
    strongest_next_unit,
    target_text,
)
from neuralscope.visualizer.widgets.derivative_text import SLOPE_TEXTS
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name

NO_LAYER_TEXTS = ("there is none: this network has no hidden layer", "no hidden layer"), ("{none}",)


def loss_step(session):
    """Tell the loss."""
    target, why = session.dataset.class_names[session.target], target_text(session)
    wordings = loss_text(session).loss_wordings
    return ((f"loss, with target {target}, {why} ({session.network.head.loss})", f"loss, with target {target}, {why}",
             f"loss, target {target}, {why}", f"loss, target {target}"),
            wordings, with_shorter_wording(loss_figures(session)))


def output_delta_step(session):
    """Tell the error at an output."""
    row = delta_row(session)
    names = f"error of {session.dataset.class_names[row]} (d loss / d score)", "error (d loss / d score)", "error"
    target = session.dataset.class_names[session.target]
    return names, [words.format(target) for words in loss_text(session).formula], with_shorter_wording(
        output_delta_figures(session, row))


def delta_row(session):
    """Return the output whose error is told: the target's, which the next step takes up; without one, as asked."""
    return session.target if session.layers else session.selected_class


def activation_gradient_step(session):
    """Tell what comes back to the selected neuron."""
    if not session.layers:
        return ("what comes back",), *NO_LAYER_TEXTS
    layer, neuron = session.layer, session.neuron
    name = f"what comes back to {unit_name(session)}"
    names = f"{name} (d loss / d activation)", name
    last = layer == session.layers - 1
    count = thousands(session.network.sizes[layer + 2])
    source_phrase = f"the {count} outputs" if last else f"the {count} neurons of layer {layer + 2}"
    sentences = f"{'error' if last else 'blame'} × weight, added up over {source_phrase}", f"over {source_phrase}"
    if session.is_ablated(layer, neuron):
        return names, ("it is silenced: the answer does not hang on it", "it is silenced"), ("0",)
    return names, sentences, with_shorter_wording(activation_gradient_figures(
        session, layer, neuron, session.target if last else strongest_next_unit(session, layer, neuron)))


def hidden_delta_step(session):
    """Tell the hidden delta of the selected neuron."""
    if not session.layers:
        return ("blame",), *NO_LAYER_TEXTS
    layer, neuron = session.layer, session.neuron
    name = session.network.layers[layer].activation
    names = f"blame of {unit_name(session)} (d loss / d sum)", "blame (d loss / d sum)"
    if session.is_ablated(layer, neuron):
        return names, ("it is silenced: held at 0, whatever its sum", "it is silenced: held at 0"), ("0",)
    value, slope = float(session.backprop.trace.activations[layer][0, neuron]), activation_slope(session, layer, neuron)
    why = SLOPE_TEXTS[name](value, slope).replace("{", "(").replace("}", ")")
    return (names,
            (f"what comes back × slope of {name}: {why}", f"× slope of {name}: {why}", f"× slope of {name}"),
            with_shorter_wording(hidden_delta_figures(session, layer, neuron)))


def gradient_step(session):
    """Tell the gradient of the weight into the neuron that has the largest."""
    input_index, source_phrase = strongest_gradient(session), "activation" if session.layer else "ink"
    formula = f"{source_phrase} × {'blame' if session.layers else 'error'}"
    names, none = ("gradient of a weight (d loss / d weight)", "gradient of a weight"), no_gradient_text(session)
    if none:
        return names, (none, formula), ("0",)
    return (names, (f"{formula}; learning takes a small part of it off the weight", formula),
            with_shorter_wording(f"{{{input_name(session, input_index)}:}} {gradient_figures(session, input_index)}"))


BACKWARD_STEPS = loss_step, output_delta_step, activation_gradient_step, hidden_delta_step, gradient_step
