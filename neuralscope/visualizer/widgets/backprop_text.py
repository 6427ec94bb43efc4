"""What the screen says of backpropagation at the digit shown: loss, deltas and gradients, with its own numbers.

An output's delta is called its error there, a hidden neuron's its blame. Formulas come out as printed.
"""

from operator import mul

import numpy as np

from neuralscope.formatting import MINUS
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.visualizer.drawing.formula import Formula, Word
from neuralscope.visualizer.widgets.derivative_text import LOSS_TEXTS
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.significant import consistent_texts, significant
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name


def target_text(session):
    """Say why the target is what it is."""
    if session.fine_tuning.label not in (None, session.truth):
        return "the label you give"
    return "the class asked about" if session.truth is None else "its truth"


def loss_formula(session):
    """Return the `Formula` of the loss."""
    backprop = session.backprop
    return loss_text(session).loss(backprop.trace.outputs[0], session.target)


def output_delta_formula(session, row):
    """Return the `Formula` of an output's delta."""
    return loss_text(session).delta(session.backprop.trace.outputs[0, row], int(row == session.target))


def loss_text(session):
    """Return the words of the network's head."""
    return LOSS_TEXTS[session.network.layers[-1].activation]


def next_deltas_and_weights(session, layer, neuron):
    """Return the deltas of the layer after a hidden neuron, and the neuron's weights to it."""
    return session.backprop.deltas[layer + 1][0], session.network_float64.layers[layer + 1].weights[neuron]


def activation_slope(session, layer, neuron):
    """Return the slope of a hidden neuron's activation at its sum."""
    name = session.network.layers[layer].activation
    return float(ACTIVATIONS[name].slope(session.backprop.trace.sums[layer][0, neuron:neuron + 1])[0])


def next_unit_name(session, layer, index):
    """Return what the next layer's neuron ``index`` is called; after the last hidden layer an output."""
    last = layer == session.layers - 1
    return f"output {session.dataset.class_names[index]}" if last else neuron_name(session, layer + 1, index)


def strongest_next_unit(session, layer, neuron):
    """Return the neuron of the next layer, or the output, through which most of the gradient comes."""
    deltas, weights = next_deltas_and_weights(session, layer, neuron)
    return int(np.abs(deltas * weights).argmax())


def activation_gradient_formula(session, layer, neuron, index):
    """Return the `Formula` of a neuron's activation gradient: through ``index`` of the next layer, and all others."""
    deltas, weights = next_deltas_and_weights(session, layer, neuron)
    if len(deltas) == 1:
        return product_formula(deltas[0], weights[0])
    rest = float(np.delete(deltas * weights, index).sum())
    sign, mark = (-1, MINUS) if rest < 0 else (1, "+")
    delta, weight, size, result = consistent_texts(
        lambda delta, weight, size: delta * weight + sign * size, deltas[index], weights[index], abs(rest))
    return Formula((f"{delta} × {weight}", Word(f"through {next_unit_name(session, layer, index)}"), f"{mark} {size}",
                    Word(f"the other {len(deltas) - 1:,}")), "=", result, deltas[index] * weights[index] + rest)


def product_formula(factor, other):
    """Return the `Formula` of a product."""
    *texts, result = consistent_texts(mul, factor, other)
    return Formula((" × ".join(texts),), "=", result, factor * other)


def hidden_delta_formula(session, layer, neuron):
    """Return the `Formula` of a hidden neuron's delta: the gradient of its activation, times its slope."""
    activation_gradient = float(np.dot(*next_deltas_and_weights(session, layer, neuron)))
    return product_formula(activation_gradient, activation_slope(session, layer, neuron))


def unit_delta(session):
    """Return the delta of the neuron selected; without a hidden layer, of the class selected."""
    deltas = session.backprop.deltas
    return float(deltas[session.layer][0, session.neuron] if session.layers else deltas[0][0, session.selected_class])


def unit_gradient(session):
    """Return the gradient of the weights into the neuron selected, or without a hidden layer into the output."""
    unit = session.neuron if session.layers else session.selected_class
    return session.backprop.gradients[f"W{session.layer + 1}"][:, unit]


def gradient_formula(session, index):
    """Return the `Formula` of the gradient of the weight of input ``index`` to the neuron selected: input × delta."""
    trace, layer = session.backprop.trace, session.layer
    value = (trace.activations[layer - 1] if layer else trace.images)[0, index]
    if layer and session.is_ablated(layer - 1, index):
        return Formula(("0", Word("held at 0, it is silenced")))
    return product_formula(value, unit_delta(session))


def strongest_gradient(session):
    """Return the input whose weight has the largest gradient."""
    return int(np.abs(unit_gradient(session)).argmax())


def learning_effect(value, subject):
    """Say what learning does to something whose derivative is ``value``: it goes the other way."""
    if not value:
        return f"learning leaves {subject} as it is"
    return f"learning {'lowers' if value > 0 else 'raises'} {subject}"


def loss_runs(panel, session):
    """Return the runs that say where the loss comes from."""
    name = session.dataset.class_names[session.target]
    return (panel.run(f"loss ({session.network.head.loss})", color="text", bold=True),
            panel.run(loss_text(session).loss_wordings[-1], gap=2), *loss_formula(session).line_runs(panel.run),
            panel.run(f"target {name}, {target_text(session)}", gap=2))


def output_delta_runs(panel, session, row):
    """Return the runs that say what the delta of an output is."""
    delta, name = session.backprop.deltas[-1][0, row], session.dataset.class_names[row]
    target = "the target, " + target_text(session) if row == session.target else "not the target"
    return (panel.run(f"output {name}", color="text", bold=True), panel.run("error (d loss / d score)", gap=2),
            *output_delta_formula(session, row).line_runs(panel.run),
            panel.run(learning_effect(delta, "its score"), gap=2), panel.run(target, gap=2))


def hidden_delta_runs(panel, session, layer, neuron):
    """Return the runs that say where a hidden neuron's delta comes from."""
    name = panel.run(neuron_name(session, layer, neuron), color="text", bold=True)
    if session.is_ablated(layer, neuron):
        return name, panel.run("blame 0: it is silenced, so the answer does not hang on it", gap=2)
    activation_gradient = activation_gradient_formula(
        session, layer, neuron, strongest_next_unit(session, layer, neuron))
    return (name, panel.run("blame (d loss / d sum): what comes back × slope", gap=2),
            *hidden_delta_formula(session, layer, neuron).line_runs(panel.run),
            panel.run("what comes back", gap=2), *activation_gradient.line_runs(panel.run),
            panel.run(learning_effect(session.backprop.deltas[layer][0, neuron], "its sum"), gap=2))


def no_gradient_text(session):
    """Say why no weight into the neuron selected has a gradient; "" where one has."""
    if unit_gradient(session).any():
        return ""
    if session.layers and session.is_ablated(session.layer, session.neuron):
        return "it is silenced, held at 0: no weight into it has a gradient"
    subject = "blame" if session.layers else "error"
    goes_in = "activation" if session.layer else session.inputs.quantity
    return f"no weight into it has a gradient: {f'its {subject} is 0' if not unit_delta(session) else f'no {goes_in}'}"


def no_gradient_runs(panel, session):
    """Return the runs that say why no weight into the neuron selected has a gradient."""
    return panel.run(unit_name(session), color="text", bold=True), panel.run(no_gradient_text(session), gap=2)


def gradient_runs(panel, session, index):
    """Return the runs that say where the gradient of a weight comes from."""
    gradient = float(unit_gradient(session)[index])
    unit = session.neuron if session.layers else session.selected_class
    weight = float(session.network_float64.layers[session.layer].weights[index, unit])
    subject = "activation" if session.layer else session.inputs.quantity
    delta = "blame" if session.layers else "error"
    return (panel.run(input_name(session, index), color="text", bold=True),
            panel.run(f"gradient (d loss / d weight): {subject} × {delta}", gap=2),
            *gradient_formula(session, index).line_runs(panel.run),
            panel.run(learning_effect(gradient, "the weight"), gap=2), panel.run("which is", gap=2),
            panel.run(significant(weight), color="text", mono=True, gap=1.5))
