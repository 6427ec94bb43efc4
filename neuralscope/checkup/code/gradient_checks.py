"""The lines of a check-up on gradients: each layer's beside the slopes measured, and the mistake that gives them."""

from typing import Any

import numpy as np

from neuralscope.checkup.code.match import (
    EQUAL,
    Match,
    added_decay,
    difference,
    equal_ones,
    find_matches,
    floor_of,
    known_factors,
)
from neuralscope.checkup.code.mistakes import MISTAKES
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.remedies import match_name, match_remedy, remedy_of
from neuralscope.checkup.code.session import CodeSession
from neuralscope.checkup.report import CheckResult
from neuralscope.errors import InputError

MEASURED_EQUAL = 1e-4  # relative difference from slopes that were only measured
SHOWN_MATCHES = 7


def check_shapes(session: CodeSession) -> dict[Path, CheckResult]:
    """Return a failed CheckResult of each bias whose gradient was summed over the wrong axes, as its length says.

    Raises InputError for gradients of any other shape than their parameters', and for NaN.
    """
    found = {}
    for path, gradient in session.theirs.items():
        name, shape = session.names[path], session.arrays[path].shape
        if gradient.shape != shape:
            vector = max(shape) == session.arrays[path].size
            if vector and gradient.size in (1, len(session.batch)):
                found[path] = _wrong_axis(session, path, gradient.shape)
                continue
            keep = ", as keepdims=True leaves it" if vector and gradient.size == max(shape) else ""
            raise InputError(f"gradients returned shape {gradient.shape} for {name} of shape {shape}",
                             f"return an array of its shape{keep}")
        if not np.isfinite(gradient).all():
            raise InputError(f"gradients returned {np.sum(~np.isfinite(gradient))} NaN or infinite of {gradient.size} "
                             f"numbers for {name}", "mend what divides by 0 or overflows")
    return found


def check_gradients(session: CodeSession, shaped: dict[Path, CheckResult], forward: str) -> list[CheckResult]:
    """Return a CheckResult for the gradients of each layer, from the last to the first.

    ``shaped``: what `check_shapes` found. ``forward``: the name of the check of the forward pass where that is to
    be mended first, so that no mistake in the gradients is named, or "".
    """
    for path in shaped:  # counts as right in all else: its line says what is wrong
        session.theirs[path] = session.right[path] if session.right is not None else np.zeros_like(session.arrays[path])
    off = {path: far for path in session.arrays if path not in shaped
           and (far := _difference(session, path)) > _limit(session)}
    explained = _explain(session, list(off)) if off and not forward else {}
    return [_layer_result(session, paths, shaped, off, explained, forward) for paths in reversed(session.layers)]


def _limit(session):
    """Return the relative difference up to which a gradient is right."""
    return MEASURED_EQUAL if session.right is None else EQUAL


def _difference(session, path):
    """Return how far a gradient is from the right one, or from what was measured."""
    if session.right is None:
        return session.measured[path].difference(session.theirs[path])
    return difference(session.theirs[path], session.right[path], floor_of(session.right))


def _explain(session: CodeSession, off: list[Path]) -> dict[Path, list[Match]]:
    """Return for each array that is off the matches, those of one mistake in all arrays where there is one."""
    right, theirs, factors = _comparable(session)
    everywhere = find_matches(theirs, right, session.made, list(session.arrays), factors)
    decay = added_decay(session.theirs, session.right, session.arrays, off) if session.right is not None else None
    if decay and session.known and not equal_ones(everywhere):
        in_loss = any(sum(pair) for pair in session.known.form.decay)
        everywhere.insert(0, Match(("decay of another size" if in_loss else "decay in the gradient alone",), None, 0.0))
    if equal_ones(everywhere):
        return dict.fromkeys(off, everywhere)
    explained = {}
    for paths in session.layers:
        wrong = [path for path in paths if path in off]
        together = find_matches(theirs, right, session.made, wrong, factors) if wrong else []
        for path in wrong:
            explained[path] = together if equal_ones(together) or len(wrong) == 1 else find_matches(
                theirs, right, session.made, [path], factors)
    return explained


def _comparable(session):
    """Return the right gradients, theirs, and the factors; where only slopes were measured, along these."""
    factors = known_factors(len(session.batch), session.outputs.shape[1])
    if session.right is not None:
        return session.right, session.theirs, factors
    return ({path: each.slopes for path, each in session.measured.items()},
            {path: each.along(session.theirs[path]) for path, each in session.measured.items()}, factors)


def _layer_result(session, paths, shaped, off, explained, forward):
    """Return the CheckResult of a layer's arrays."""
    title, details = _title(session, paths), {"arrays": [_row(session, path) for path in paths]}
    wrong = [path for path in paths if path in off]
    first = next((shaped[path] for path in paths if path in shaped), None)
    if first and not wrong:
        return CheckResult(title, False, first.figure, first.explanation, first.remedy, {**details, **first.details})
    if session.right is None and not all(session.measured[path].enough for path in paths):
        return CheckResult(title, None, "", "could not be measured: the loss jumps, or is computed in float32",
                           "compute in float64: leave astype(np.float32) out", details)
    if not wrong:
        worst = max(_difference(session, path) for path in paths)
        return CheckResult(title, True, _figures(worst), f"equal to d loss / d {session.names[paths[0]]}", "", details)
    figure = _percent_off(max(off[path] for path in wrong))
    part = "" if wrong == paths else f" of {' and '.join(session.names[path] for path in wrong)}"
    if forward:
        return CheckResult(title, False, figure, f"yours{part} is not the slope of this forward pass", "", details,
                           cause=forward)
    matches, layer = explained[wrong[0]], session.layers.index(paths)
    equal = {match.keys: match for path in wrong for match in equal_ones(explained[path])}
    details |= {"matches": [(match_name(session, match, layer), match.difference) for match in matches[:SHOWN_MATCHES]],
                "mistakes": [list(keys) for keys in equal], "neuron": _neuron(session, paths[0])}
    found, biases = list(equal.values()), _biases_alone(session, wrong)
    cause = _cause(session, found, layer)
    return CheckResult(title, False, figure, _explanation(session, part, found, matches, layer),
                       "" if cause else match_remedy(session, found, layer, biases), details, cause=cause)


def _explanation(session, part, equal, matches, layer):
    """Return the sentence that says which mistake gives their gradients, or that none of the list does."""
    if equal:
        names = " or ".join(match_name(session, match, layer) for match in equal[:3])
        figures = _figures(max(match.difference for match in equal))
        return f"yours{part} equals the right one {names}, to {figures}" if names.startswith("without") else (
            f"{part and f'{part[4:]} alone: '}{names}, equal to {figures}")
    if session.right is None:
        unknown = "loss is none" if session.known and not session.known.form.loss else "network is none"
        return f"yours{part} is not the slope measured; the {unknown} that is known here, so no mistake is named"
    plain = f"yours{part} is not the slope measured, and no mistake of the list gives it"
    return f"{plain}; the nearest, {match_name(session, matches[0], layer)}, is " \
           f"{_percent_off(matches[0].difference)}" if matches else plain


def _biases_alone(session, paths):
    """Tell whether arrays are biases, all of them."""
    return bool(session.known) and {*paths} <= {layer.bias for layer in session.known.chain}


def _cause(session, equal, layer):
    """Return the line on the last layer where its delta is wrong, which all layers below it get, or ""."""
    at_outputs = {"targets", "output delta"}
    last = len(session.layers) - 1
    if layer == last or not equal or not all(at_outputs & set(MISTAKES[key].changes) for match in equal
                                             for key in match.keys[:1]):
        return ""
    return _title(session, session.layers[last])


def _title(session, paths):
    """Return the name of the line on a layer's gradients."""
    return f"gradient of {' and '.join(session.names[path] for path in paths)}"


def _row(session: CodeSession, path: Path) -> dict[str, Any]:
    """Return what the table of arrays shows of one."""
    right = session.right[path] if session.right is not None else None
    far = _difference(session, path)
    return {"name": session.names[path], "yours": float(np.linalg.norm(session.theirs[path])),
            "right": None if right is None else float(np.linalg.norm(right)), "difference": far,
            "measured_difference": session.measured[path].difference(session.theirs[path]),
            "passed": far <= _limit(session)}


def _neuron(session, path):
    """Return both gradients of the weights into the neuron where they differ most, for its picture, or None."""
    if session.right is None or session.arrays[path].ndim != 2:
        return None
    layer = next(layer for layer in session.known.chain if layer.weights == path)
    yours, right = (array[path].T if not layer.transposed else array[path] for array in (session.theirs, session.right))
    number = int(np.argmax(np.abs(yours - right).sum(axis=1)))
    return {"number": number, "yours": yours[number].tolist(), "right": right[number].tolist()}


def _wrong_axis(session, path, shape):
    """Return the failed CheckResult of a bias's gradient that is as long as the batch, or a single number."""
    key = "bias over both axes" if shape in ((), (1,), (1, 1)) else "bias over wrong axis"
    length = "a single number" if key == "bias over both axes" else "as long as the batch"
    mistake, name = MISTAKES[key], session.names[path]
    layer = next((number for number, paths in enumerate(session.layers) if path in paths), 0)
    return CheckResult(f"gradient of {name}", False, f"shape {shape}",
                       f"{mistake.name}: it is {length}, and {name} has shape {session.arrays[path].shape}",
                       remedy_of(session, mistake, layer),
                       {"matches": [(mistake.name, 0.0)], "mistakes": [[key]]})


def _figures(far):
    """Return to how many figures two are equal."""
    count = int(min(15, -np.log10(max(far, 1e-15))))
    return f"{count} figure{'s' * (count != 1)}"


def _percent_off(far):
    """Return how far two are from each other."""
    return f"{100 * far:.3g} % off"
