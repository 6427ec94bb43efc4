"""What the screen says of the way back at the digit shown: loss, errors, blame and gradients, with its own numbers.

Figures come out as printed; words in them stand in braces.
"""

from operator import mul

import numpy as np

from neuralscope.network.functions import ACTIVATIONS
from neuralscope.visualizer.widgets.derivative_text import HEADS
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.significant import added, settled, significant
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name


def target_words(session):
    """Say why the target is what it is."""
    if session.lessons.label not in (None, session.truth):
        return "the label you give"
    return "the class asked about" if session.own else "its truth"


def loss_figures(session):
    """Tell the loss."""
    found = session.way_back
    return words_of(session).loss(found.trace.outputs[0], session.target)


def error_figures(session, row):
    """Tell the error at an output."""
    return words_of(session).error(session.way_back.trace.outputs[0, row], int(row == session.target))


def words_of(session):
    """Return the words of the network's head."""
    return HEADS[session.network.layers[-1].activation]


def coming_back(session, layer, neuron):
    """Return what comes back to a hidden neuron: the blame of each in the next layer, and the weights to them."""
    return session.way_back.deltas[layer + 1][0], session.exact.layers[layer + 1].weights[neuron]


def slope_of(session, layer, neuron):
    """Return the slope of a hidden neuron's activation at its sum."""
    name = session.network.layers[layer].activation
    return float(ACTIVATIONS[name].slope(session.way_back.trace.sums[layer][0, neuron:neuron + 1])[0])


def next_name(session, layer, one):
    """Return what the next layer's neuron ``one`` is called; after the last hidden layer an output."""
    last = layer == session.layers - 1
    return f"output {session.dataset.class_names[one]}" if last else neuron_name(session, layer + 1, one)


def strongest_back(session, layer, neuron):
    """Return through which neuron of the next layer, or which output, most comes back."""
    blames, weights = coming_back(session, layer, neuron)
    return int(np.abs(blames * weights).argmax())


def returned_figures(session, layer, neuron, one):
    """Tell the sum that comes back to a neuron: through ``one`` of the next layer, and through all others."""
    blames, weights = coming_back(session, layer, neuron)
    if len(blames) == 1:
        blame, weight, result = settled(mul, blames[0], weights[0])
        return f"{blame} × {weight} = {result}"
    rest = float(np.delete(blames * weights, one).sum())
    blame, weight, rest, result = settled(lambda blame, weight, others: blame * weight + others, blames[one],
                                          weights[one], rest)
    through = f"{{through {next_name(session, layer, one)}}}"
    return f"{blame} × {weight} {through} {added(rest)} {{the other {len(blames) - 1:,}}} = {result}"


def blame_figures(session, layer, neuron):
    """Tell a neuron's blame: what comes back, times its slope."""
    returned = float(np.dot(*coming_back(session, layer, neuron)))
    returned, slope, result = settled(mul, returned, slope_of(session, layer, neuron))
    return f"{returned} × {slope} = {result}"


def blame_of_unit(session):
    """Return the blame of the neuron chosen; without a hidden layer, the error at the output asked about."""
    deltas = session.way_back.deltas
    return float(deltas[session.layer][0, session.neuron] if session.layers else deltas[0][0, session.chosen])


def gradient_of_unit(session):
    """Return the gradient of the weights into the neuron chosen, or without a hidden layer into the output."""
    unit = session.neuron if session.layers else session.chosen
    return session.way_back.gradients[f"W{session.layer + 1}"][:, unit]


def gradient_figures(session, one):
    """Tell the gradient of the weight from input ``one`` to the neuron chosen: input times blame."""
    trace, layer = session.way_back.trace, session.layer
    value = (trace.activations[layer - 1] if layer else trace.images)[0, one]
    if layer and session.is_silenced(layer - 1, one):
        return "0 {held at 0, it is silenced}"
    value, blame, result = settled(mul, value, blame_of_unit(session))
    return f"{value} × {blame} = {result}"


def strongest_gradient(session):
    """Return the input whose weight has the largest gradient."""
    return int(np.abs(gradient_of_unit(session)).argmax())


def does(value, what):
    """Say what learning does to something whose derivative is ``value``: it goes the other way."""
    return f"learning {'lowers' if value > 0 else 'raises'} {what}" if value else f"learning leaves {what} as it is"


def figure_runs(panel, figures):
    """Return the runs of figures: what comes out in its sign's colour, words in braces small."""
    runs, style = [], {"color": "text", "mono": True}
    *_, result = figures.split(" = ")
    parts = figures.replace("{", "}").split("}")
    for place, part in enumerate(part.strip() for part in parts):
        if not part:
            continue
        if place % 2:
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
            panel.run(words_of(session).told[-1], gap=2), *figure_runs(panel, loss_figures(session)),
            panel.run(f"target {name}, {target_words(session)}", gap=2))


def error_runs(panel, session, row):
    """Return the runs that say what the error at an output is."""
    error, name = session.way_back.deltas[-1][0, row], session.dataset.class_names[row]
    target = "the target, " + target_words(session) if row == session.target else "not the target"
    return (panel.run(f"output {name}", color="text", bold=True), panel.run("error (d loss / d score)", gap=2),
            *figure_runs(panel, error_figures(session, row)), panel.run(does(error, "its score"), gap=2),
            panel.run(target, gap=2))


def blame_runs(panel, session, layer, neuron):
    """Return the runs that say where a neuron's blame comes from."""
    name = panel.run(neuron_name(session, layer, neuron), color="text", bold=True)
    if session.is_silenced(layer, neuron):
        return name, panel.run("blame 0: it is silenced, so the answer does not hang on it", gap=2)
    returned = returned_figures(session, layer, neuron, strongest_back(session, layer, neuron))
    return (name, panel.run("blame (d loss / d sum): what comes back × slope", gap=2),
            *figure_runs(panel, blame_figures(session, layer, neuron)),
            panel.run("what comes back", gap=2), *figure_runs(panel, returned),
            panel.run(does(session.way_back.deltas[layer][0, neuron], "its sum"), gap=2))


def no_gradient(session):
    """Say why no weight into the neuron chosen has a gradient; "" where one has."""
    if gradient_of_unit(session).any():
        return ""
    if session.layers and session.is_silenced(session.layer, session.neuron):
        return "it is silenced, held at 0: no weight into it has a gradient"
    what, goes_in = ("blame" if session.layers else "error"), ("activation" if session.layer else "ink")
    return f"no weight into it has a gradient: {f'its {what} is 0' if not blame_of_unit(session) else f'no {goes_in}'}"


def no_gradient_runs(panel, session):
    """Return the runs that say why no weight into the neuron chosen has a gradient."""
    return panel.run(unit_name(session), color="text", bold=True), panel.run(no_gradient(session), gap=2)


def gradient_runs(panel, session, one):
    """Return the runs that say where the gradient of a weight comes from."""
    gradient = float(gradient_of_unit(session)[one])
    unit = session.neuron if session.layers else session.chosen
    weight = float(session.exact.layers[session.layer].weights[one, unit])
    what = "activation" if session.layer else "ink"
    blame = "blame" if session.layers else "error"
    return (panel.run(input_name(session, one), color="text", bold=True),
            panel.run(f"gradient (d loss / d weight): {what} × {blame}", gap=2),
            *figure_runs(panel, gradient_figures(session, one)), panel.run(does(gradient, "the weight"), gap=2),
            panel.run("which is", gap=2), panel.run(significant(weight), color="text", mono=True, gap=1.5))
