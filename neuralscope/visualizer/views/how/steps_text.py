"""The words and formulas of the five steps from pixels to the answer; each formula comes out as printed.

Each function returns wordings, longest first, of the step's name and of what happens in it, and of its `Formula`.
"""

import numpy as np

from neuralscope.analysis.attribution import attribution
from neuralscope.analysis.waterfall import side_steps
from neuralscope.formatting import counted, number, signed_addend, thousands
from neuralscope.visualizer.drawing.formula import Formula, Word
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS, OUTPUT_TEXTS
from neuralscope.visualizer.widgets.weighted_sum import input_name, sum_attribution, unit_name

GREY_STEPS = 255  # steps of grey of a pixel as its file has it
MAX_ROUNDING_EFFECT = 0.005  # what rounding a weight may do to a product
NO_HIDDEN_LAYER = (("there is none: this network has no hidden layer", "no hidden layer"),
                   (Formula((Word("none"),)),))  # what happens in a step that there is not, and its formula


def strongest_input(session):
    """Return the input that adds or takes away most."""
    return int(np.abs(np.nan_to_num(sum_attribution(session).contributions)).argmax())


def sum_formula(attribution):
    """Return the `Formula` of a sum: bias, what raises it, what lowers it."""
    bias, raised, lowered = (step.contribution for step in side_steps(attribution))
    return Formula((number(bias), Word("bias"), signed_addend(raised), Word("raising"), signed_addend(lowered),
                    Word("lowering")), "=", number(attribution.total))


def inputs_step(session):
    """Tell what goes in: pixels, or the activations of the layer before."""
    input_index = strongest_input(session)
    if session.layer:
        before, layer = session.network.layers[session.layer - 1], session.layer - 1
        total, value = (float(of[layer][0, input_index]) for of in (session.trace.sums, session.trace.activations))
        equation = ACTIVATION_TEXTS[before.activation].equation(total, value)
        count = counted(len(before.biases), "neuron")
        made_of = "the layer before" if layer else f"the {session.inputs.noun}s"
        return ((f"activations of layer {session.layer}", f"layer {session.layer}"),
                (f"what its {count} made of {made_of}, in the same way", count),
                equation.named(input_name(session, input_index)).wordings)
    ink, count = float(session.trace.images[0, input_index]), thousands(session.trace.images.shape[1])
    if not (session.inputs.is_picture and 0 <= ink <= 1):
        return ((f"{session.inputs.noun}s",), (f"each of the {count} is a number, as the network is given it",
                                               f"{count} numbers"),
                Formula(result=number(ink)).named(input_name(session, input_index)).wordings)
    grey = next(number(ink * GREY_STEPS, decimals) for decimals in range(9)
                if number(round(ink * GREY_STEPS, decimals) / GREY_STEPS) == number(ink))
    sentences = f"each of the {count} is a number: 0 is paper, 1 is full ink", f"{count} numbers from 0 to 1"
    formula = Formula((f"{grey} / {GREY_STEPS}",), "=", number(ink))
    return ("pixels",), sentences, formula.named(input_name(session, input_index)).wordings


def sum_step(session):
    """Tell the weighted sum of the neuron selected; without a hidden layer, of the score."""
    attribution = sum_attribution(session)
    input_kind, count = ("activation", "neurons") if session.layer else (
        session.inputs.quantity, f"{session.inputs.noun}s")
    formula = f"bias + {input_kind} × weight"
    unit = f"weighted sum {'of' if session.layers else 'for'} {unit_name(session)}"
    return ((unit, "weighted sum"),
            (f"{formula}, added up over {thousands(len(attribution.inputs))} {count}", formula),
            sum_formula(attribution).wordings)


def activation_step(session):
    """Tell what the neuron makes of its sum."""
    if not session.layers:
        return ("activation",), *NO_HIDDEN_LAYER
    layer, neuron = session.layer, session.neuron
    name = session.network.layers[layer].activation
    total, value = (float(of[layer][0, neuron]) for of in (session.trace.sums, session.trace.activations))
    equation = ACTIVATION_TEXTS[name].equation(total, value)
    names = f"activation of {unit_name(session)} ({name})", f"activation ({name})"
    if session.is_ablated(layer, neuron):
        return names, ("it is silenced: held at 0, whatever its sum", "silenced: held at 0"), (
            Formula((Word("would be"), equation.text, Word("but held at")), result="0"),
            Formula((Word("held at"),), result="0"))
    return names, ACTIVATION_TEXTS[name].formula, (equation,)


def score_step(session):
    """Tell the score of the class selected: bias, what the neuron selected adds, and all others."""
    names = f"score of {session.dataset.class_names[session.selected_class]} (logit)", "score (logit)"
    found = attribution(session.network, session.trace, session.selected_class)
    if not session.layers:
        sentences = "without a hidden layer the sum is the score", "the sum itself"
        return names, sentences, (Formula(result=number(found.total)),)
    count = len(found.inputs)
    sentences = (f"bias + activation × weight, added up over {thousands(count)} neuron{'s' * (count > 1)}",
                 "bias + activation × weight")
    if session.layer < session.layers - 1:
        first, last = session.layer + 2, session.layers
        again = f"the same again in layer{'' if first == last else f's {first} to'} {last}, then {sentences[1]}"
        sentences = f"{again}, over its {counted(count, 'neuron')}", again, sentences[1]
        return names, sentences, sum_formula(found).wordings
    return names, sentences, score_formula(session, found).wordings


def score_formula(session, attribution):
    """Return the `Formula` of the score: bias, the selected neuron's contribution, and the others, with the rounding.
    """
    neuron, layer = session.neuron, session.base_network.layers[-1]
    silent = session.is_ablated(session.layer, neuron)
    value = 0.0 if silent else float(attribution.inputs[neuron])
    weight, (total, bias) = float(layer.weights[neuron, session.selected_class]), (attribution.total, attribution.bias)
    decimals = ACTIVATION_TEXTS[session.network.layers[session.layer].activation].describe(
        float(session.trace.sums[session.layer][0, neuron]), value)[2]
    value, others = round(value, decimals), len(attribution.inputs) - 1  # as step 3 prints it
    figures = next(
        (more for more in range(3, 9) if abs(value * (round(weight, more) - weight)) <= MAX_ROUNDING_EFFECT), 9)
    contribution = round(value * round(weight, figures), 2)
    rest = round(round(total, 2) - round(bias, 2) - contribution, 2)
    if not others:
        bias = round(bias, 2) + rest  # nothing else takes what rounding leaves over
    rest_terms = (signed_addend(rest), Word(f"the other {thousands(others)}")) if others else ()
    product = f"+ {number(value, decimals)} × {number(weight, figures)}"
    return Formula((number(bias), Word("bias"), product, Word("this neuron"), *rest_terms), "=", number(total))


def output_step(session):
    """Tell the output of the class selected."""
    name, selected_class = session.network.layers[-1].activation, session.selected_class
    words, scores = OUTPUT_TEXTS[name], session.trace.sums[-1][0].astype(np.float64)
    formula = words.from_score(scores, selected_class, session.trace.outputs[0, selected_class])
    return ((f"{words.name} of {session.dataset.class_names[selected_class]} ({name})", f"{words.name} ({name})"),
            words.formula[-1:], formula.wordings)


FORWARD_STEPS = inputs_step, sum_step, activation_step, score_step, output_step
