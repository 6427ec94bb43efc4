"""The classic mistakes in a backward pass: one table, each with its formula and the line that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from neuralscope.checkup.code.reference import OUTPUT_FUNCTIONS, RULES, Place, Rule, slope_of_loss
from neuralscope.network.functions import ACTIVATIONS


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make.

    ``name``: in words. ``formula``: what is then computed, with samples as rows. ``remedy``: the line that mends it.
    What stands in {braces} is filled in for the person's layer and layout by `remedies`. ``changes``: the formulas of
    `reference.RULES` that it changes, in all layers or in one. ``activations``: those it is made with (none: all).
    ``factor``: a name of `match.known_factors`, by which the right gradient is multiplied instead, or "other", "decay"
    or "other decay".
    """

    name: str
    formula: str
    remedy: str
    changes: Mapping[str, Rule] = field(default_factory=dict)
    activations: tuple[str, ...] = ()
    factor: str = ""


def other_slope(name: str) -> Rule:
    """Return the rule that takes the slope of another activation."""
    return lambda at: ACTIVATIONS[name].slope(at.sums)


def own_slope(of: str) -> Rule:
    """Return the rule that takes the activation's slope at its own value ("activated"), or its value's at the sums."""
    if of == "activated":
        return lambda at: ACTIVATIONS[at.network.activations[at.layer]].slope(at.activated)
    formulas = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}
    return lambda at: formulas[at.network.activations[at.layer]](at.sums)


def only(part: slice) -> Mapping[str, Rule]:
    """Return the rules that take some samples alone."""
    return {"weights": lambda at: at.trace.inputs[at.layer][part].T @ at.incoming[part],
            "biases": lambda at: at.incoming[part].sum(axis=0)}


def rolled(by: int) -> Mapping[str, Rule]:
    """Return the rule that takes the target of another class."""
    return {"targets": lambda at: np.roll(at.targets, by, axis=1)}


def plain_error(at: Place) -> np.ndarray:
    """Return outputs minus targets, in the size of the loss."""
    return at.network.factor * _twice(at) * (at.trace.outputs - at.targets)


def _twice(at):
    """Return 2 where the loss is a squared error, whose slope has it."""
    return 2 if at.network.loss == "squared error" else 1


def jacobian(at: Place) -> np.ndarray:
    """Return the plain error times the whole slope of the outputs' function."""
    return OUTPUT_FUNCTIONS[at.network.head].pull(at.trace.outputs, at.sums, plain_error(at))


def each_by_itself(slope: np.ndarray, at: Place) -> np.ndarray:
    """Return a derivative times p (1 - p), as if no output depended on another's sum."""
    return slope * at.trace.outputs * (1 - at.trace.outputs)


def sums_as_inputs(at: Place) -> np.ndarray:
    """Return the weights' gradient with the sums of the layer below in place of what it put out."""
    below = at.trace.sums[at.layer - 1] if at.layer else at.trace.inputs[0]
    return below.T @ at.incoming


def unmasked_inputs(at: Place) -> np.ndarray:
    """Return the weights' gradient with what the layer below put out before its dropout."""
    below = replace(at, layer=at.layer - 1).activated if at.layer else at.trace.inputs[0]
    return below.T @ at.incoming


def untransposed(at: Place) -> np.ndarray:
    """Return the error by the weights as they are, where they are square."""
    weights = at.network.weights[at.layer + 1]
    return at.incoming @ (weights if weights.shape[0] == weights.shape[1] else weights.T)


def turned(at: Place) -> np.ndarray:
    """Return the weights' gradient with the two factors exchanged, where it is square."""
    gradient = at.trace.inputs[at.layer].T @ at.incoming
    return gradient.T if gradient.shape[0] == gradient.shape[1] else gradient


def wrong_weights(at: Place) -> np.ndarray:
    """Return the error by the hidden layer's own weights, where they have the shape of those above it."""
    weights = at.network.weights
    own, above = weights[at.layer], weights[at.layer + 1]
    return at.incoming @ (own if own.shape == above.shape else above).T


def neighbour_slope(offset: int) -> Rule:
    """Return the rule that takes the slope at another hidden layer's sums, where the widths agree."""
    def rule(at):
        other = at.layer + offset
        fits = 0 <= other < len(at.network.activations) and at.trace.sums[other].shape == at.sums.shape
        return ACTIVATIONS[at.network.activations[at.layer]].slope(at.trace.sums[other] if fits else at.sums)
    return rule


def bias_along(at: Place) -> np.ndarray:
    """Return the bias's gradient summed over the neurons, where there are as many samples."""
    return at.incoming.sum(axis=1) if len(set(at.incoming.shape)) == 1 else at.incoming.sum(axis=0)


def decay_times(factor: float) -> Mapping[str, Rule]:
    """Return the rules that multiply the weight decay."""
    return {name: _times(factor, RULES[name]) for name in ("decay", "bias decay")}


def _times(factor, rule):
    """Return a rule whose result is multiplied."""
    return lambda at: factor * rule(at)


SUMS, DERIVATIVES = ("sigmoid", "tanh"), {
    "sigmoid": "a * (1 - a)", "tanh": "(1 - a**2)", "relu": "(z > 0)", "leaky-relu": "np.where(z > 0, 1, 0.01)",
}
MEND_OUTPUT = {
    ("softmax", "cross-entropy"): "delta = p - t", ("sigmoid", "binary cross-entropy"): "delta = p - t",
    ("sigmoid", "squared error"): "delta = (p - t) * p * (1 - p)", ("identity", "squared error"): "delta = p - t",
    ("softmax", "squared error"): "e = p - t; delta = p * (e - (p * e).sum(axis={classes}, keepdims=True))",
    ("tanh", "squared error"): "delta = (p - t) * (1 - p**2)",
    ("identity", "cross-entropy of scores"): "delta = softmax(z) - t",
    ("identity", "binary cross-entropy of scores"): "delta = sigmoid(z) - t",
    ("log-softmax", "cross-entropy of log-probabilities"): "delta = np.exp(p) - t",
}
MISTAKES: dict[str, Mistake] = {
    # factors of all of it, or of some arrays
    "summed over batch": Mistake("summed over the batch instead of averaged", "dW = x.T @ d", "divide by the batch: "
                                 "{gradient} / n", factor="batch"),
    "batch twice": Mistake("divided by the batch twice", "dW = x.T @ d / n / n", "divide by the batch once",
                           factor="1/batch"),
    "summed over classes": Mistake("summed over the classes instead of averaged", "d = p - t", "d = (p - t) / classes",
                                   factor="classes"),
    "averaged over classes": Mistake("averaged over the classes instead of summed", "d = (p - t) / classes",
                                     "d = p - t", factor="1/classes"),
    "all averaged": Mistake("averaged over batch and classes instead of the batch alone", "d.mean() in place of "
                            "d.sum() / n", "divide by the batch alone", factor="1/(batch classes)"),
    "all summed": Mistake("summed over batch and classes instead of averaged", "d = p - t",
                          "d = (p - t) / (n * classes)", factor="batch classes"),
    "factor 2": Mistake("twice the right one: the 2 of the square", "d = 2 * (p - t)", "d = p - t, or leave the 1/2 of "
                        "the loss out", factor="2"),
    "factor 1/2": Mistake("half the right one: the 2 of the square is left out", "d = p - t", "d = 2 * (p - t)",
                          factor="1/2"),
    "sign": Mistake("sign turned round", "d = t - p", "d = p - t", factor="-1"),
    "zeros": Mistake("left out: all zeros", "dW = 0", "{gradient}", factor="0"),
    "constant factor": Mistake("times a constant, as if the learning rate were in it", "dW = rate * x.T @ d",
                               "{gradient}; the rate belongs to the step", factor="other"),
    # the outputs' delta
    "scores in place of probabilities": Mistake(
        "the scores in place of the probabilities", "d = z - t", "{output}", {"output delta": lambda at: (
            plain_error(at) if at.network.loss.endswith("of scores") else slope_of_loss(at))}),
    "extra output slope": Mistake("an extra slope at the outputs: error × p × (1 − p)", "d = (p - t) * p * (1 - p)",
                                  "{output}", {"output delta": lambda at: each_by_itself(plain_error(at), at)}),
    "squared error's delta": Mistake("the squared error's delta, with the whole slope of the outputs",
                                     "d = J(p) @ (p - t)", "{output}", {"output delta": jacobian}),
    "no output slope": Mistake("without the slope of the outputs: the cross-entropy's delta", "d = p - t", "{output}",
                               {"output delta": plain_error}),
    "loss slope alone": Mistake("the loss's slope alone, without that of the outputs", "d = -t / p", "{output}",
                                {"output delta": lambda at: at.incoming}),
    "diagonal slope": Mistake("the softmax's slope of each output by its own sum alone", "d = dL/dp * p * (1 - p)",
                              "{output}", {"output delta": lambda at: each_by_itself(at.incoming, at)}),
    "slope taken twice at outputs": Mistake(
        "the slope of the outputs taken twice", "d = d * p * (1 - p)", "{output}",
        {"output delta": lambda at: each_by_itself(slope_of_loss(at), at)}),
    "labels one up": Mistake("labels one too high", "t[label + 1] = 1", "t[label] = 1", rolled(1)),
    "labels one down": Mistake("labels one too low", "t[label - 1] = 1", "t[label] = 1", rolled(-1)),
    "no targets": Mistake("the targets are not subtracted", "d = p", "d = p - t", {"output delta": lambda at: (
        at.network.factor * _twice(at) * at.trace.outputs)}),
    "true class alone": Mistake("the true class alone", "d = (p - t) * t", "d = p - t",
                                {"output delta": lambda at: slope_of_loss(at) * at.targets}),
    # the slope of a hidden layer
    "no slope": Mistake("without the {activation}'s slope", "dh = d @ W.T", "dh = ({error}) * {slope}",
                        {"slope": lambda at: 1.0}),
    "slope of the output": Mistake("slope of the output, not of the sum", "dh = (d @ W.T) * f'(a)",
                                   "dh = ({error}) * {slope}", {"slope": own_slope("activated")}),
    "slope of the sum": Mistake("slope's formula for the output, given the sum", "dh = (d @ W.T) * z * (1 - z)",
                                "dh = ({error}) * {slope}", {"slope": own_slope("sums")},
                                activations=SUMS),
    "slope a": Mistake("the output in place of the slope", "dh = (d @ W.T) * a", "dh = ({error}) * {slope}",
                       {"slope": lambda at: at.activated}),
    "slope 1 - a": Mistake("slope 1 − a", "dh = (d @ W.T) * (1 - a)", "dh = ({error}) * {slope}",
                           {"slope": lambda at: 1 - at.activated}, activations=SUMS),
    "slope a (1 + a)": Mistake("slope a (1 + a)", "dh = (d @ W.T) * a * (1 + a)", "dh = ({error}) * {slope}", {
        "slope": lambda at: at.activated * (1 + at.activated)}, activations=("sigmoid",)),
    "slope 1 + a^2": Mistake("slope 1 + a²", "dh = (d @ W.T) * (1 + a**2)", "dh = ({error}) * {slope}", {
        "slope": lambda at: 1 + at.activated**2}, activations=("tanh",)),
    **{f"slope of {name}": Mistake(f"the slope of {name}, not of {{activation}}", f"dh = (d @ W.T) * {slope}",
                                   "dh = ({error}) * {slope}", {"slope": other_slope(name)})
       for name, slope in DERIVATIVES.items()},
    "slope twice": Mistake("the {activation}'s slope twice", "dh = (d @ W.T) * f'(z) * f'(z)",
                           "dh = ({error}) * {slope}", {"slope": lambda at: RULES["slope"](at)**2}),
    "slope of the error": Mistake("the relu's mask by the error, not by the sum", "dh = e * (e > 0)",
                                  "dh = e * (z > 0)", {"slope": lambda at: at.incoming > 0},
                                  activations=("relu",)),
    "relu turned": Mistake("the relu's mask turned round", "dh = (d @ W.T) * (z < 0)", "dh = ({error}) * (z > 0)",
                           {"slope": lambda at: at.sums <= 0}, activations=("relu",)),
    "slope of the layer below": Mistake("the slope of the layer below", "dh = (d @ W.T) * f'(z_below)",
                                        "dh = ({error}) * {slope}", {"slope": neighbour_slope(-1)}),
    "slope of the layer above": Mistake("the slope of the layer above", "dh = (d @ W.T) * f'(z_above)",
                                        "dh = ({error}) * {slope}", {"slope": neighbour_slope(1)}),
    # the way back through the weights
    "no transpose": Mistake("a wrong transpose: {unturned} in place of {error}", "e = d @ W", "e = {error}",
                            {"error": untransposed}),
    "weights of the wrong layer": Mistake("the error goes back through the wrong layer's weights", "e = d @ W_own.T",
                                          "e = {error}", {"error": wrong_weights}),
    "no dropout mask": Mistake("dropout's mask is left out", "dh = e * f'(z)", "dh = e * mask * f'(z)",
                               {"mask": lambda at: 1.0}),
    "unscaled dropout mask": Mistake("dropout's mask without its 1 / keep", "dh = e * (mask > 0) * f'(z)",
                                     "dh = e * mask / keep * f'(z)", {"mask": lambda at: np.sign(at.mask)}),
    "no dropout mask below": Mistake("dropout's mask is left out of what the layer was given", "dW = a.T @ d",
                                     "{weights} with a = a * mask", {"weights": unmasked_inputs}),
    # the gradients of weights and biases
    "sums as inputs": Mistake("the sums of the layer below in place of its outputs", "dW = z.T @ d", "{weights}",
                              {"weights": sums_as_inputs}),
    "gradient transposed": Mistake("a square gradient transposed", "dW = d.T @ a", "{weights}", {"weights": turned}),
    "last sample": Mistake("the last sample alone: = in place of +=", "dW = outer(a, d)", "dW += outer(a, d)",
                           only(slice(-1, None))),
    "first sample": Mistake("the first sample alone", "dW = outer(a[0], d[0])", "{weights}", only(slice(0, 1))),
    "last sample left out": Mistake("without the last sample", "for i in range(n - 1)", "for i in range(n)",
                                    only(slice(0, -1))),
    "bias over wrong axis": Mistake("the bias's gradient over the wrong axis", "db = d.sum(axis=1)",
                                    "{biases}: over the samples", {"biases": bias_along}),
    "bias over both axes": Mistake("the bias's gradient summed over both axes", "db = d.sum()", "{biases}: "
                                   "over the samples", {"biases": lambda at: np.full(
                                       at.incoming.shape[1], at.incoming.sum())}),
    "bias of the first sample": Mistake("the bias's gradient of the first sample alone", "db = d[0]",
                                        "{biases}", {"biases": lambda at: at.incoming[0]}),
    "bias of the last sample": Mistake("the bias's gradient of the last sample alone", "db = d", "db += d",
                                       {"biases": lambda at: at.incoming[-1]}),
    # weight decay
    "no decay": Mistake("the loss has weight decay, the gradient has not", "dW = a.T @ d", "{weights} + lambda * W",
                        decay_times(0)),
    "decay turned": Mistake("weight decay of the wrong sign", "dW = a.T @ d - lambda * W", "{weights} + lambda * W",
                            decay_times(-1)),
    "decay twice": Mistake("weight decay twice: the 2 of the square", "dW = a.T @ d + 2 * lambda * W",
                           "{weights} + lambda * W", decay_times(2)),
    "decay half": Mistake("half the weight decay: the 2 of the square is left out", "dW = a.T @ d + lambda * W",
                          "{weights} + 2 * lambda * W", decay_times(0.5)),
    "no decay of biases": Mistake("the loss has weight decay on biases too, the gradient has not", "db = d.sum(axis=0)",
                                  "{biases} + lambda * b", {"bias decay": lambda at: 0.0}),
    "decay of another size": Mistake("weight decay of another size than the loss's", "dW = a.T @ d + other * W",
                                     "take one lambda in both: the slope of lambda / 2 * (W**2).sum() is lambda * W, "
                                     "divided by the batch where the loss's is", factor="other decay"),
    "decay in the gradient alone": Mistake("weight decay in the gradient and not in the loss",
                                           "dW = a.T @ d + lambda * W", "add lambda / 2 * (W**2).sum() to the loss, or "
                                           "leave lambda * W out", factor="decay"),
    # what shows elsewhere than in one gradient
    "piles up": Mistake("gradients pile up from call to call", "dW += a.T @ d", "set the gradients to 0 first"),
    "weights updated first": Mistake("weights are updated before the earlier layer's gradient is taken",
                                     "W2 -= rate * dW2; dh = d @ W2.T", "take all gradients, then update"),
}
FORWARD_MISTAKES: dict[str, Mistake] = {
    "softmax over the samples": Mistake("softmax over the wrong axis: each class sums to 1 over the samples",
                                        "e / e.sum() over the samples", "sum over the classes: e / e.sum(axis=1, "
                                        "keepdims=True) where samples are rows, axis=0 where they are columns"),
    "late bias": Mistake("the bias is added after the activation", "a = f(x @ W) + b", "a = f(x @ W + b)"),
    "exchanged activations": Mistake("the activations of hidden and output layer are exchanged",
                                     "softmax in the hidden layer", "the softmax belongs to the outputs"),
    "overflow": Mistake("softmax without subtracting the maximum", "np.exp(z) / np.exp(z).sum()",
                        "z = z - z.max(axis={classes}, keepdims=True) before the exp, the maximum of each sample"),
    "inputs 0..255": Mistake("the inputs are not scaled", "x of 0 to 255", "x = x / 255"),
}
