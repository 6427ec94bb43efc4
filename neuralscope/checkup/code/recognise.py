"""Which network a person's functions compute: found by numbers, never by names.

Random parameters are put in, and our own network in each form that fits the shapes is held beside what comes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

import numpy as np

from neuralscope.checkup.code.dropout import KEPT_SHARES, dropout_patterns
from neuralscope.checkup.code.layout import Chain, Samples, as_rows, chains, targets_of
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.reference import (
    OUTPUT_FUNCTIONS,
    OUTPUT_LOSSES,
    CodeNetwork,
    forward,
    loss_of,
)
from neuralscope.checkup.code.user_functions import UserCode
from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS

EQUAL_OUTPUTS = 2e-6  # relative difference of outputs that are the same formula; float32 inside passes too
PROBE_INPUTS = (1.0, 255.0)  # the largest: whether or not forward divides them itself, one tells activations apart
EQUAL_LOSS = 1e-4  # people add up to 1e-6 to what they take the logarithm of
INPUT_FACTORS = (1.0, 1 / 255)  # by which forward may scale its inputs itself
MAX_TRIALS = 6000  # of a form, beside the person's outputs
HIDDEN = ("sigmoid", "relu", "tanh", "leaky-relu", *(name for name in ACTIVATIONS if name not in
          ("sigmoid", "relu", "tanh", "leaky-relu")), "softmax")

Arrays = dict[Path, np.ndarray]


@dataclass(frozen=True, eq=False)
class Recognised:
    """The form of a person's code: the ``chain`` of its arrays, the ``form`` without its numbers, and the layout.

    ``input_factor``: by which forward scales its inputs. ``output_axis``: along which the outputs' samples lie.
    ``batch_mean``: whether the loss is divided by the batch; ``factor``: the rest of its factor.
    """

    chain: Chain
    form: CodeNetwork
    input_factor: float
    output_axis: int
    batch_mean: bool = True
    factor: float = 1.0

    def network(self, arrays: Arrays, count: int) -> CodeNetwork:
        """Return our network with the person's numbers, for a batch of ``count``."""
        weights = tuple(arrays[layer.weights].T if layer.transposed else arrays[layer.weights] for layer in self.chain)
        biases = tuple(None if layer.bias is None else arrays[layer.bias].reshape(-1) for layer in self.chain)
        return replace(self.form, weights=weights, biases=biases,
                       factor=self.factor / (count if self.batch_mean else 1))

    def by_path(self, gradients: list[tuple[np.ndarray, np.ndarray]], arrays: Arrays) -> Arrays:
        """Return gradients of layers as arrays like the person's."""
        found = {}
        for layer, (weights, bias) in zip(self.chain, gradients, strict=True):
            found[layer.weights] = weights.T if layer.transposed else weights
            if layer.bias is not None:
                found[layer.bias] = bias.reshape(arrays[layer.bias].shape)
        return {path: found[path] for path in arrays}

    def rows(self, samples: Samples) -> np.ndarray:
        """Return the inputs that our network is given (batch, inputs)."""
        return samples.rows * self.input_factor


def output_rows(outputs: np.ndarray, samples: Samples) -> tuple[np.ndarray, int]:
    """Return outputs as (batch, outputs) and the axis of their samples; raises InputError where none has them all."""
    count = len(samples)
    for axis in (samples.x_axis, -1 - samples.x_axis):
        if outputs.ndim and outputs.shape[axis] == count:
            return as_rows(outputs, 0 if outputs.ndim == 1 else axis), 0 if outputs.ndim == 1 else axis
    raise InputError(f"forward returned outputs of shape {outputs.shape} for {count} samples",
                     "return a row or a column of outputs for each")


def probe_arrays(arrays: Arrays, rng: np.random.Generator) -> Arrays:
    """Return random parameters of the same shapes, of a size at which activations differ."""
    return {path: rng.standard_normal(array.shape) * (2 / max(array.shape)**0.5 if array.ndim > 1 else 0.5)
            for path, array in arrays.items()}


def recognise_forward(code: UserCode, arrays: Arrays, samples: Samples, rng: np.random.Generator,
                      random: bool) -> Recognised | None:
    """Return which network forward computes, or None; ``random``: whether it depends on the random numbers."""
    probe, few = probe_arrays(arrays, rng), samples.take(_few_unlike(arrays, samples))
    seen, larger = (few.scaled(largest / max(np.abs(few.x).max(), 1e-12)) for largest in PROBE_INPUTS)
    outputs_of_larger, _ = output_rows(code.outputs(probe, larger.x), larger)
    outputs, axis = output_rows(code.outputs(probe, seen.x), seen)
    if not np.isfinite(outputs).all():
        return None
    found = chains(arrays, seen.rows.shape[1], outputs.shape[1])
    patterns = [dropout_patterns(code, probe, seen, chain) if random else None for chain in found]
    choices = product(_hidden_choices(len(found[0]) - 1), zip(found, patterns, strict=True), INPUT_FACTORS,
                      (False, True), _mask_scales(random)) if found else ()
    for activations, (chain, pattern), factor, late, scale in islice(choices, MAX_TRIALS):
        if len(activations) != len(chain) - 1:
            continue
        masks = () if pattern is None else tuple(None if each is None else each * scale for each in pattern)
        form = CodeNetwork((), (), activations, masks=masks, late_bias=late)
        known = Recognised(chain, form, factor, axis)
        heads = _matching_heads(known.network(probe, 1), seen.rows * factor, outputs)
        if heads and np.isfinite(outputs_of_larger).all():
            at_larger = _matching_heads(known.network(probe, 1), larger.rows * factor, outputs_of_larger)
            heads = [head for head in heads if head in at_larger]
        if heads:
            known = replace(known, form=replace(form, head=heads[0]))
            return _with_masks_of(known, code, probe, samples, scale) if random else known
    return None


def recognise_loss(code: UserCode, known: Recognised, arrays: Arrays, samples: Samples,
                   rng: np.random.Generator) -> Recognised | None:
    """Return ``known`` with the loss that the person's is on made-up outputs, and its weight decay, or None."""
    like = code.outputs(arrays, samples.x)
    made_up = OUTPUT_FUNCTIONS[known.form.head].value(rng.standard_normal(output_rows(like, samples)[0].shape))
    outputs = (made_up if known.output_axis == 0 else made_up.T).reshape(like.shape)
    nothing = {path: np.zeros_like(array) for path, array in arrays.items()}
    parts = [samples] if len(samples) < 2 else [samples, samples.take(np.arange(len(samples) // 2))]
    for name, mean, (factor, factor_classes) in product(OUTPUT_LOSSES, (True, False), product((1, 0.5), (0, 1))):
        for part in parts:
            taken = outputs.take(np.arange(len(part)), known.output_axis)
            rows, _ = output_rows(taken, part)
            times = factor / (rows.shape[1] if factor_classes else 1)
            ours = loss_of(CodeNetwork((), (), (), loss=name, factor=times / (len(part) if mean else 1)), rows,
                           targets_of(part, rows.shape[1])) if _in_domain(name, rows) else np.nan
            theirs = code.loss_of(taken, part.y, nothing)
            if not abs(ours - theirs) <= EQUAL_LOSS * abs(theirs):
                break
        else:
            decay = find_decay(code, known.chain, outputs, samples.y, probe_arrays(arrays, rng), nothing)
            form = replace(known.form, loss=name, decay=decay or ())
            return None if decay is None else replace(known, form=form, batch_mean=mean, factor=times)
    return None


def find_decay(code: UserCode, chain: Chain, outputs: np.ndarray, y: np.ndarray, probe: Arrays,
               nothing: Arrays) -> tuple[tuple[float, float], ...] | None:
    """Return the factor on the sum of squares of each layer's weights and biases in the loss; None: it is another."""
    if not code.loss_takes_parameters:
        return ()
    plain = code.loss_of(outputs, y, nothing)
    factors = {}
    for path in nothing:
        once, twice = (code.loss_of(outputs, y, {**nothing, path: size * probe[path]}) - plain for size in (1, 2))
        if abs(twice - 4 * once) > 1e-6 * abs(twice) + 1e-12 * abs(plain):
            return None
        factors[path] = once / np.sum(probe[path]**2)
    return tuple((factors[layer.weights], factors[layer.bias] if layer.bias is not None else 0.0) for layer in chain)


def _few_unlike(arrays: Arrays, samples: Samples) -> np.ndarray:
    """Return the places of a few samples, in number unlike any width."""
    widths = {length for array in arrays.values() for length in array.shape}
    return np.arange(next((count for count in range(7, len(samples)) if count not in widths), len(samples)))


def _with_masks_of(known: Recognised, code: UserCode, probe: Arrays, samples: Samples, scale: float) -> Recognised:
    """Return ``known`` with the masks that dropout takes for all ``samples``, which other counts have others of."""
    patterns = dropout_patterns(code, probe, samples.scaled(1 / max(np.abs(samples.x).max(), 1e-12)), known.chain)
    masks = tuple(None if each is None else each * scale for each in patterns or ())
    return replace(known, form=replace(known.form, masks=masks))


def _matching_heads(network: CodeNetwork, rows: np.ndarray, outputs: np.ndarray) -> list[str]:
    """Return the names of the functions that make ``outputs`` of the last sums: several where these are large."""
    sums = forward(network, rows).sums[-1]
    return [head for head, function in OUTPUT_FUNCTIONS.items()
            if np.abs(function.value(sums) - outputs).max() <= EQUAL_OUTPUTS * np.abs(outputs).max()]


def _hidden_choices(hidden: int) -> Iterator[tuple[str, ...]]:
    """Yield activations of the hidden layers: the same in all of them first."""
    yield from ((name,) * hidden for name in HIDDEN[:len(HIDDEN) if hidden else 1])
    yield from (mixed for mixed in islice(product(HIDDEN, repeat=hidden), MAX_TRIALS) if len(set(mixed)) > 1)


def _mask_scales(random: bool) -> list[float]:
    """Return by what dropout may multiply what it keeps."""
    return [1.0, *(1 / share for share in KEPT_SHARES)] if random else [1.0]


def _in_domain(name: str, outputs: np.ndarray) -> bool:
    """Tell whether a loss can be computed of outputs."""
    if name == "cross-entropy of log-probabilities":
        return bool((outputs <= 0).all())
    if name == "binary cross-entropy":
        return bool(((outputs > 0) & (outputs < 1)).all())
    return name != "cross-entropy" or bool((outputs > 0).all())
