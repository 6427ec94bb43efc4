"""The words and figures of the five steps of the way back, from the loss to a weight; see `panels.reading`.

Each function returns wordings, longest first, of the step's name, of what happens in it, and of its figures, in which
words stand in braces.
"""

from neuralscope.formatting import thousands
from neuralscope.visualizer.views.how.steps_text import with_shorter
from neuralscope.visualizer.widgets.backprop_text import (
    blame_figures,
    error_figures,
    gradient_figures,
    loss_figures,
    no_gradient,
    returned_figures,
    slope_of,
    strongest_back,
    strongest_gradient,
    target_words,
    words_of,
)
from neuralscope.visualizer.widgets.derivative_text import SLOPES
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name

NO_LAYER = ("there is none: this network has no hidden layer", "no hidden layer"), ("{none}",)


def loss_step(session):
    """Tell the loss."""
    target, why = session.dataset.class_names[session.target], target_words(session)
    told = words_of(session).told
    return ((f"loss, with target {target}, {why} ({session.network.head.loss})", f"loss, with target {target}, {why}",
             f"loss, target {target}, {why}", f"loss, target {target}"),
            told, with_shorter(loss_figures(session)))


def error_step(session):
    """Tell the error at an output."""
    row = error_row(session)
    names = f"error of {session.dataset.class_names[row]} (d loss / d score)", "error (d loss / d score)", "error"
    target = session.dataset.class_names[session.target]
    return names, [words.format(target) for words in words_of(session).formula], with_shorter(
        error_figures(session, row))


def error_row(session):
    """Return the output whose error is told: the target's, which the next step takes up; without one, as asked."""
    return session.target if session.layers else session.chosen


def returning_step(session):
    """Tell what comes back to the neuron chosen."""
    if not session.layers:
        return ("what comes back",), *NO_LAYER
    layer, neuron = session.layer, session.neuron
    name = f"what comes back to {unit_name(session)}"
    names = f"{name} (d loss / d activation)", name
    last = layer == session.layers - 1
    count = thousands(session.network.sizes[layer + 2])
    what = f"the {count} outputs" if last else f"the {count} neurons of layer {layer + 2}"
    sentences = f"{'error' if last else 'blame'} × weight, added up over {what}", f"over {what}"
    if session.is_silenced(layer, neuron):
        return names, ("it is silenced: the answer does not hang on it", "it is silenced"), ("0",)
    return names, sentences, with_shorter(returned_figures(
        session, layer, neuron, session.target if last else strongest_back(session, layer, neuron)))


def blame_step(session):
    """Tell the blame of the neuron chosen."""
    if not session.layers:
        return ("blame",), *NO_LAYER
    layer, neuron = session.layer, session.neuron
    name = session.network.layers[layer].activation
    names = f"blame of {unit_name(session)} (d loss / d sum)", "blame (d loss / d sum)"
    if session.is_silenced(layer, neuron):
        return names, ("it is silenced: held at 0, whatever its sum", "it is silenced: held at 0"), ("0",)
    value, slope = float(session.way_back.trace.activations[layer][0, neuron]), slope_of(session, layer, neuron)
    why = SLOPES[name](value, slope).replace("{", "(").replace("}", ")")
    return (names,
            (f"what comes back × slope of {name}: {why}", f"× slope of {name}: {why}", f"× slope of {name}"),
            with_shorter(blame_figures(session, layer, neuron)))


def gradient_step(session):
    """Tell the gradient of the weight into the neuron that has the largest."""
    one, what = strongest_gradient(session), "activation" if session.layer else "ink"
    formula = f"{what} × {'blame' if session.layers else 'error'}"
    names, none = ("gradient of a weight (d loss / d weight)", "gradient of a weight"), no_gradient(session)
    if none:
        return names, (none, formula), ("0",)
    return (names, (f"{formula}; learning takes a small part of it off the weight", formula),
            with_shorter(f"{{{input_name(session, one)}:}} {gradient_figures(session, one)}"))


STEPS = loss_step, error_step, returning_step, blame_step, gradient_step
