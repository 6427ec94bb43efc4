"""The words and figures of the five steps from pixels to the answer; what is printed comes out as printed.

Each function returns wordings, longest first, of the step's name, of what happens in it, and of its figures, in which
words stand in braces.
"""

import re

import numpy as np

from neuralscope.analysis.attribution import ledger
from neuralscope.analysis.waterfall import sides
from neuralscope.formatting import number, sum_of, thousands
from neuralscope.visualizer.widgets.function_text import ACTIVATIONS, HEADS
from neuralscope.visualizer.widgets.weighted_sum import input_name, unit_name, weighted_sum

GREYS = 255  # steps of grey of a pixel as its file has it
CLOSE = 0.005  # what rounding a weight may do to a product


def with_shorter(figures):
    """Return figures, and then without the words in braces."""
    return figures, re.sub(r" ?\{[^}]*\}", "", figures).strip()


def strongest(session):
    """Return the input that adds or takes away most."""
    return int(np.abs(weighted_sum(session).pushes).argmax())


def written_sum(added):
    """Write what a sum is made of: bias, what raises it, what lowers it."""
    bias, raised, lowered = (step.push for step in sides(added))
    total = number(added.total)
    return f"{number(bias)} {{bias}} {sum_of(raised)} {{raising}} {sum_of(lowered)} {{lowering}} = {total}"


def inputs_step(session):
    """Tell what goes in: pixels, or the activations of the layer before."""
    one = strongest(session)
    if session.layer:
        before, place = session.network.layers[session.layer - 1], session.layer - 1
        total, value = (float(values[place][0, one]) for values in (session.trace.sums, session.trace.activations))
        equation = ACTIVATIONS[before.activation].equation(total, value)
        count, made_of = thousands(len(before.biases)), "the layer before" if place else "the pixels"
        return ((f"activations of layer {session.layer}", f"layer {session.layer}"),
                (f"what its {count} neurons made of {made_of}, in the same way", f"{count} neurons"),
                with_shorter(f"{{{input_name(session, one)}:}} {equation}"))
    ink, count = float(session.trace.images[0, one]), thousands(session.trace.images.shape[1])
    grey = next(text for decimals in range(9) for text in [number(ink * GREYS, decimals)]
                if number(float(text) / GREYS) == number(ink))
    sentences = f"each of the {count} is a number: 0 is paper, 1 is full ink", f"{count} numbers from 0 to 1"
    return (("pixels",), sentences,
            with_shorter(f"{{{input_name(session, one)}:}} {grey} / {GREYS} = {number(ink)}"))


def sum_step(session):
    """Tell the weighted sum of the neuron chosen; without a hidden layer, of the score."""
    added = weighted_sum(session)
    what, count = ("activation", "neurons") if session.layer else ("ink", "pixels")
    formula = f"bias + {what} × weight"
    unit = f"weighted sum {'of' if session.layers else 'for'} {unit_name(session)}"
    return ((unit, "weighted sum"),
            (f"{formula}, added up over {thousands(len(added.inputs))} {count}", formula),
            with_shorter(written_sum(added)))


def activation_step(session):
    """Tell what the neuron makes of its sum."""
    if not session.layers:
        return ("activation",), ("there is none: this network has no hidden layer", "no hidden layer"), ("{none}",)
    layer, neuron = session.layer, session.neuron
    name = session.network.layers[layer].activation
    total, value = (float(of[layer][0, neuron]) for of in (session.trace.sums, session.trace.activations))
    equation = ACTIVATIONS[name].equation(total, value)
    names = f"activation of {unit_name(session)} ({name})", f"activation ({name})"
    if session.is_silenced(layer, neuron):
        return names, ("it is silenced: held at 0, whatever its sum", "silenced: held at 0"), (
            f"{{would be}} {equation} {{but held at}} 0", "{held at} 0")
    return names, ACTIVATIONS[name].formula, (equation,)


def score_step(session):
    """Tell the score of the class asked about: bias, what the neuron chosen adds, and all others."""
    names = f"score of {session.dataset.class_names[session.chosen]} (logit)", "score (logit)"
    added = ledger(session.network, session.trace, session.chosen)
    if not session.layers:
        return names, ("without a hidden layer the sum is the score", "the sum itself"), (number(added.total),)
    count = len(added.inputs)
    sentences = (f"bias + activation × weight, added up over {thousands(count)} neuron{'s' * (count > 1)}",
                 "bias + activation × weight")
    if session.layer < session.layers - 1:
        first, last = session.layer + 2, session.layers
        again = f"the same again in layer{'' if first == last else f's {first} to'} {last}, then {sentences[1]}"
        sentences = f"{again}, over its {thousands(count)} neurons", again, sentences[1]
        return names, sentences, with_shorter(written_sum(added))
    return names, sentences, with_shorter(score_figures(session, added))


def score_figures(session, added):
    """Write the score as bias, activation × weight of the neuron chosen, and the others, which take the rounding."""
    neuron, layer = session.neuron, session.whole.layers[-1]
    silent = session.is_silenced(session.layer, neuron)
    value = 0.0 if silent else float(added.inputs[neuron])
    weight, (total, bias) = float(layer.weights[neuron, session.chosen]), (added.total, added.bias)
    decimals = ACTIVATIONS[session.network.layers[session.layer].activation].account(
        float(session.trace.sums[session.layer][0, neuron]), value)[2]
    value, others = round(value, decimals), len(added.inputs) - 1  # as step 3 prints it
    figures = next((more for more in range(3, 9) if abs(value * (round(weight, more) - weight)) <= CLOSE), 9)
    own = round(value * round(weight, figures), 2)
    rest = round(round(total, 2) - round(bias, 2) - own, 2)
    if not others:
        bias = round(bias, 2) + rest  # nothing else takes what rounding leaves over
    lump = f" {sum_of(rest)} {{the other {thousands(others)}}}" if others else ""
    written = f"{number(value, decimals)} × {number(weight, figures)}"
    return f"{number(bias)} {{bias}} + {written} {{this neuron}}{lump} = {number(total)}"


def output_step(session):
    """Tell the output of the class asked about."""
    name, chosen = session.network.layers[-1].activation, session.chosen
    words, scores = HEADS[name], session.trace.sums[-1][0].astype(np.float64)
    figures = words.from_score(scores, chosen, words.write(session.trace.outputs[0, chosen]))
    return ((f"{words.name} of {session.dataset.class_names[chosen]} ({name})", f"{words.name} ({name})"),
            words.formula[-1:], with_shorter(figures))


STEPS = inputs_step, sum_step, activation_step, score_step, output_step
