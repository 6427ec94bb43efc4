"""What is known of a person's code when it is checked: the batch, the random numbers, and what was recognised."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neuralscope.checkup.code.layout import Samples, read_samples, targets_of
from neuralscope.checkup.code.match import Variant, right_gradients, variants
from neuralscope.checkup.code.numeric import Measured, measure
from neuralscope.checkup.code.parameters import Path, array_name
from neuralscope.checkup.code.recognise import Recognised, output_rows, recognise_forward, recognise_loss
from neuralscope.checkup.code.user_functions import UserCode
from neuralscope.errors import InputError

BATCH = 32  # samples at most that gradients are taken of
NUDGE = 0.01  # deviation of biases in place of zeros: far more than the steps of `numeric`, far less than the sums
TRUSTED = 1e-3  # relative difference of our gradients and the slopes measured, up to which ours count as the right ones

Arrays = dict[Path, np.ndarray]


@dataclass(eq=False)
class CodeSession:
    """A person's ``code`` with its ``arrays``, all ``samples``, the ``batch`` that is checked and ``rng``.

    ``outputs`` (batch, outputs): what forward makes of the batch. ``random``: whether it depends on NumPy's or
    Python's global random numbers; ``unsteady``: the functions that differ from call to call beside that. ``known``:
    the network that was recognised, or None. ``theirs``: their gradients. ``loss``: of the batch.
    ``start``: the arrays as they were given, of which `off_the_kinks` made ``arrays``.
    """

    code: UserCode
    arrays: Arrays
    samples: Samples
    batch: Samples
    rng: np.random.Generator
    outputs: np.ndarray
    random: bool
    unsteady: tuple[str, ...]
    known: Recognised | None
    theirs: Arrays
    loss: float
    start: Arrays

    @cached_property
    def measured(self) -> dict[Path, Measured]:
        """The slopes of the loss, measured in each array."""
        return measure(lambda arrays: self.code.loss_at(arrays, self.batch.x, self.batch.y), self.arrays, self.theirs,
                       self.rng)

    @cached_property
    def right(self) -> Arrays | None:
        """The right gradients, where our network's agree with what was measured, or None."""
        if not self.known or not self.known.form.loss or self.known.form.late_bias or \
                "softmax" in self.known.form.activations:
            return None
        ours = right_gradients(self.known, self.arrays, self.batch)
        agree = all(self.measured[path].difference(ours[path]) <= TRUSTED or not self.measured[path].enough
                    for path in ours)
        return ours if agree else None

    @cached_property
    def made(self) -> list[Variant]:
        """The gradients of all mistakes of the table, where the right ones are known."""
        return list(variants(self.known, self.arrays, self.batch)) if self.known and self.right is not None else []

    @cached_property
    def names(self) -> dict[Path, str]:
        """How each array is called: by its key, or as W1 and b1 where its place in the network is known."""
        found = {path: array_name(path) for path in self.arrays}
        if self.known and not any(isinstance(path[0], str) for path in self.arrays if path):
            for number, layer in enumerate(self.known.chain, 1):
                found[layer.weights] = f"W{number}"
                if layer.bias is not None:
                    found[layer.bias] = f"b{number}"
        return found

    @property
    def layers(self) -> list[list[Path]]:
        """The arrays that belong together, from the first layer; each by itself where the network is not known."""
        if not self.known:
            return [[path] for path in self.arrays]
        return [[path for path in (layer.weights, layer.bias) if path is not None] for layer in self.known.chain]


def start_session(code: UserCode, arrays: Arrays, X: np.ndarray, y: np.ndarray,  # noqa: N803
                  seed: int) -> CodeSession:
    """Return the CodeSession of a person's code; raises InputError for what cannot be checked."""
    if not arrays:
        raise InputError("parameters has no array of numbers in it", "give a list, tuple or dict of arrays")
    bad = next((path for path, array in arrays.items() if not np.isfinite(array).all()), None)
    if bad is not None:
        raise InputError(f"{array_name(bad)} has NaN or infinity in it", "give finite parameters")
    rng, start = np.random.default_rng(seed), arrays
    arrays = off_the_kinks(start, seed)
    samples = _right_way_round(code, arrays, read_samples(X, y))
    batch = _batch(arrays, samples, rng)
    outputs, _ = output_rows(code.outputs(arrays, batch.x), batch)
    targets_of(samples, outputs.shape[1])
    loss = code.loss_at(arrays, batch.x, batch.y)
    theirs = code.gradients_at(arrays, batch.x, batch.y)
    random, unsteady = _steadiness(code, arrays, batch, theirs)
    known = None if "forward" in unsteady else _unless_it_raises(recognise_forward, code, arrays, batch, rng, random)
    with_loss = _unless_it_raises(recognise_loss, code, known, arrays, batch, rng) if known else None
    return CodeSession(code, arrays, samples, batch, rng, outputs, random, unsteady, with_loss or known, theirs,
                       loss, start)


def off_the_kinks(arrays: Arrays, seed: int) -> Arrays:
    """Return arrays whose biases are not all 0, for then the sum of what is all 0 below is 0: right on relu's kink."""
    rng = np.random.default_rng(seed)
    return {path: array + NUDGE * rng.standard_normal(array.shape) if max(array.shape) == array.size and
            not array.any() else array for path, array in arrays.items()}


def _unless_it_raises(recognise, *arguments):
    """Return what is recognised, or None where the person's functions do not take made-up numbers or fewer samples."""
    try:
        return recognise(*arguments)
    except InputError:
        return None


def _right_way_round(code, arrays, found):
    """Return the first of the Samples that forward takes; where it takes none, what it raised for the first."""
    errors = []
    for samples in found:
        few = _batch(arrays, samples, np.random.default_rng(0))
        try:
            output_rows(code.outputs(arrays, few.x), few)
        except InputError as error:
            errors.append(error)
        else:
            return samples
    raise errors[0]


def _batch(arrays, samples, rng):
    """Return a few samples, in number unlike any width, so that no axis is taken for another."""
    widths = {length for array in arrays.values() for length in array.shape} | {2}
    count = next((count for count in range(min(BATCH, len(samples)), 2, -1) if count not in widths),
                 min(BATCH, len(samples)))
    if count == len(samples):
        return samples
    return samples.take(np.sort(rng.choice(len(samples), count, replace=False)))


def _steadiness(code, arrays, batch, theirs):
    """Return whether the outputs depend on the global random numbers, and the functions that change beside these."""
    before = code.outputs(arrays, batch.x)
    unsteady = [] if np.array_equal(before, code.outputs(arrays, batch.x), equal_nan=True) else ["forward"]
    again = code.gradients_at(arrays, batch.x, batch.y)
    if any(theirs[path].shape != again[path].shape or not np.array_equal(theirs[path], again[path], equal_nan=True)
           for path in theirs):
        unsteady.append("gradients")
    code.seed += 1
    random = not unsteady and not np.array_equal(before, code.outputs(arrays, batch.x), equal_nan=True)
    code.seed -= 1
    return random, tuple(unsteady)
