"""What the screen says of the way back at the digit shown: loss, errors, blame and gradients, with its own numbers.

Figures come out as printed; words in them stand in braces.
"""

from operator import mul

import numpy as np

from neuralscope.network.functions import ACTIVATIONS
from neuralscope.visualizer.widgets.derivative_text import LOSS_TEXTS
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.significant import addend, consistent_texts, significant
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name


def target_text(session):
    """Say why the target is what it is."""
    if session.fine_tuning.label not in (None, session.truth):
        return "the label you give"
    return "the class asked about" if session.is_user_digit else "its truth"


def loss_figures(session):
    """Tell the loss."""
    backprop = session.backprop
    return loss_text(session).loss(backprop.trace.outputs[0], session.target)


def output_delta_figures(session, row):
    """Tell the error at an output."""
    return loss_text(session).delta(session.backprop.trace.outputs[0, row], int(row == session.target))


def loss_text(session):
    """Return the words of the network's head."""
    return LOSS_TEXTS[session.network.layers[-1].activation]


def next_deltas_and_weights(session, layer, neuron):
    """Return what comes back to a hidden neuron: the blame of each in the next layer, and the weights to them."""
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
    """Return through which neuron of the next layer, or which output, most comes back."""
    deltas, weights = next_deltas_and_weights(session, layer, neuron)
    return int(np.abs(deltas * weights).argmax())


def activation_gradient_figures(session, layer, neuron, index):
    """Tell the sum that comes back to a neuron: through ``index`` of the next layer, and through all others."""
    deltas, weights = next_deltas_and_weights(session, layer, neuron)
    if len(deltas) == 1:
        delta, weight, result = consistent_texts(mul, deltas[0], weights[0])
        return f"{delta} × {weight} = {result}"
    rest = float(np.delete(deltas * weights, index).sum())
    delta, weight, rest, result = consistent_texts(lambda delta, weight, others: delta * weight + others, deltas[index],
                                          weights[index], rest)
    through = f"{{through {next_unit_name(session, layer, index)}}}"
    return f"{delta} × {weight} {through} {addend(rest)} {{the other {len(deltas) - 1:,}}} = {result}"


def hidden_delta_figures(session, layer, neuron):
    """Tell a neuron's blame: what comes back, times its slope."""
    returned = float(np.dot(*next_deltas_and_weights(session, layer, neuron)))
    returned, slope, result = consistent_texts(mul, returned, activation_slope(session, layer, neuron))
    return f"{returned} × {slope} = {result}"


def unit_delta(session):
    """Return the blame of the neuron chosen; without a hidden layer, the error at the output asked about."""
    deltas = session.backprop.deltas
    return float(deltas[session.layer][0, session.neuron] if session.layers else deltas[0][0, session.selected_class])


def unit_gradient(session):
    """Return the gradient of the weights into the neuron chosen, or without a hidden layer into the output."""
    unit = session.neuron if session.layers else session.selected_class
    return session.backprop.gradients[f"W{session.layer + 1}"][:, unit]


def gradient_figures(session, index):
    """Tell the gradient of the weight from input ``index`` to the neuron chosen: input times blame."""
    trace, layer = session.backprop.trace, session.layer
    value = (trace.activations[layer - 1] if layer else trace.images)[0, index]
    if layer and session.is_ablated(layer - 1, index):
        return "0 {held at 0, it is silenced}"
    value, delta, result = consistent_texts(mul, value, unit_delta(session))
    return f"{value} × {delta} = {result}"


def strongest_gradient(session):
    """Return the input whose weight has the largest gradient."""
    return int(np.abs(unit_gradient(session)).argmax())


def learning_effect(value, subject):
    """Say what learning does to something whose derivative is ``value``: it goes the other way."""
    return (
        f"learning {'lowers' if value > 0 else 'raises'} {subject}" if value else f"learning leaves {subject} as it is"
    )


def figure_runs(panel, figures):
    """Return the runs of figures: what comes out in its sign's colour, words in braces small."""
    runs, style = [], {"color": "text", "mono": True}
    *_, result = figures.split(" = ")
    parts = figures.replace("{", "}").split("}")
    for index, part in enumerate(part.strip() for part in parts):
        if not part:
            continue
        if index % 2:
            runs.append(panel.run(part, gap=1))
        elif part.endswith(result) and "=" in figures:
            color = "negative" if result[0] == "−" else "positive" if result != "0" else "text"
            runs += [panel.run(part.removesuffix(result).strip(), **style, gap=0 if part[0] == ")" else 1.5),
                     panel.run(result, **{**style, "color": color}, gap=1.5)]
        else:
            runs.append(panel.run(part, **style, gap=1.5))
    return runs


def loss_runs(panel, session):
    """Return the runs that say where the loss comes from."""
    name = session.dataset.class_names[session.target]
    return (panel.run(f"loss ({session.network.head.loss})", color="text", bold=True),
            panel.run(loss_text(session).loss_wordings[-1], gap=2), *figure_runs(panel, loss_figures(session)),
            panel.run(f"target {name}, {target_text(session)}", gap=2))


def output_delta_runs(panel, session, row):
    """Return the runs that say what the error at an output is."""
    error, name = session.backprop.deltas[-1][0, row], session.dataset.class_names[row]
    target = "the target, " + target_text(session) if row == session.target else "not the target"
    return (
        panel.run(f"output {name}", color="text", bold=True),
        panel.run("error (d loss / d score)", gap=2),
        *figure_runs(panel, output_delta_figures(session, row)),
        panel.run(learning_effect(error, "its score"), gap=2),
        panel.run(target, gap=2),
    )


def hidden_delta_runs(panel, session, layer, neuron):
    """Return the runs that say where a neuron's blame comes from."""
    name = panel.run(neuron_name(session, layer, neuron), color="text", bold=True)
    if session.is_ablated(layer, neuron):
        return name, panel.run("blame 0: it is silenced, so the answer does not hang on it", gap=2)
    returned = activation_gradient_figures(session, layer, neuron, strongest_next_unit(session, layer, neuron))
    return (name, panel.run("blame (d loss / d sum): what comes back × slope", gap=2),
            *figure_runs(panel, hidden_delta_figures(session, layer, neuron)),
            panel.run("what comes back", gap=2), *figure_runs(panel, returned),
            panel.run(learning_effect(session.backprop.deltas[layer][0, neuron], "its sum"), gap=2))


def no_gradient_text(session):
    """Say why no weight into the neuron chosen has a gradient; "" where one has."""
    if unit_gradient(session).any():
        return ""
    if session.layers and session.is_ablated(session.layer, session.neuron):
        return "it is silenced, held at 0: no weight into it has a gradient"
    subject, goes_in = ("blame" if session.layers else "error"), ("activation" if session.layer else "ink")
    return f"no weight into it has a gradient: {f'its {subject} is 0' if not unit_delta(session) else f'no {goes_in}'}"


def no_gradient_runs(panel, session):
    """Return the runs that say why no weight into the neuron chosen has a gradient."""
    return panel.run(unit_name(session), color="text", bold=True), panel.run(no_gradient_text(session), gap=2)


def gradient_runs(panel, session, index):
    """Return the runs that say where the gradient of a weight comes from."""
    gradient = float(unit_gradient(session)[index])
    unit = session.neuron if session.layers else session.selected_class
    weight = float(session.network_float64.layers[session.layer].weights[index, unit])
    subject = "activation" if session.layer else "ink"
    delta = "blame" if session.layers else "error"
    return (
        panel.run(input_name(session, index), color="text", bold=True),
        panel.run(f"gradient (d loss / d weight): {subject} × {delta}", gap=2),
        *figure_runs(panel, gradient_figures(session, index)),
        panel.run(learning_effect(gradient, "the weight"), gap=2),
        panel.run("which is", gap=2),
        panel.run(significant(weight), color="text", mono=True, gap=1.5),
    )
