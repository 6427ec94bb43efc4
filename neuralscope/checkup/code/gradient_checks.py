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
from neuralscope.checkup.code.mistakes import DERIVATIVES, MEND_OUTPUT, MISTAKES
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.session import CodeSession
from neuralscope.checkup.report import CheckResult
from neuralscope.errors import InputError

MEASURED_EQUAL = 1e-4  # relative difference from slopes that were only measured
SHOWN_MATCHES = 7


def check_shapes(session: CodeSession) -> dict[Path, CheckResult]:
    """Return a failed CheckResult of each bias whose gradient was summed over the wrong axis, as its length says.

    Raises InputError for gradients of any other shape than their parameters', and for NaN.
    """
    found = {}
    for path, gradient in session.theirs.items():
        name, shape = session.names[path], session.arrays[path].shape
        if gradient.shape != shape:
            if gradient.size == len(session.batch) and max(shape) == session.arrays[path].size:
                found[path] = _wrong_axis(name, gradient.shape, shape)
                continue
            raise InputError(f"gradients returned shape {gradient.shape} for {name} of shape {shape}",
                             "return an array of its shape")
        if not np.isfinite(gradient).all():
            raise InputError(f"gradients returned {np.sum(~np.isfinite(gradient))} NaN or infinite of {gradient.size} "
                             f"numbers for {name}", "mend what divides by 0 or overflows")
    return found


def check_gradients(session: CodeSession, shaped: dict[Path, CheckResult], line_first: int) -> list[CheckResult]:
    """Return a CheckResult for the gradients of each layer, from the last to the first.

    ``shaped``: what `check_shapes` found. ``line_first``: the line on the forward pass where that is to be mended
    first, so that no mistake in the gradients is named, or 0.
    """
    for path in shaped:  # counts as right in all else: its line says what is wrong
        session.theirs[path] = session.right[path] if session.right is not None else np.zeros_like(session.arrays[path])
    off = {path: far for path in session.arrays if path not in shaped
           and (far := _difference(session, path)) > _limit(session)}
    explained = _explain(session, list(off)) if off and not line_first else {}
    return [_layer_result(session, paths, shaped, off, explained, line_first) for paths in reversed(session.layers)]


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
    if decay and session.known and not any(sum(pair) for pair in session.known.form.decay):
        everywhere.insert(0, Match(("decay in the gradient alone",), None, 0.0))
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


def _layer_result(session, paths, shaped, off, explained, line_first):
    """Return the CheckResult of a layer's arrays."""
    names = " and ".join(session.names[path] for path in paths)
    title, details = f"gradient of {names}", {"arrays": [_row(session, path) for path in paths]}
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
    which = " and ".join(session.names[path] for path in wrong)
    figure = _percent_off(max(off[path] for path in wrong))
    if line_first:
        return CheckResult(title, False, figure, f"yours of {which} is not the slope of this forward pass",
                           f"mend line {line_first} first", details)
    matches = explained[wrong[0]]
    equal = {match.keys: match for path in wrong for match in equal_ones(explained[path])}
    details |= {"matches": [(_names(session, match), match.difference) for match in matches[:SHOWN_MATCHES]],
                "mistakes": [list(keys) for keys in equal], "neuron": _neuron(session, paths[0])}
    return CheckResult(title, False, figure,
                       _explanation(session, which, list(equal.values()), matches), _remedies(session, equal), details)


def _explanation(session, which, equal, matches):
    """Return the sentence that says which mistake gives their gradients, or that none of the list does."""
    if equal:
        names = " or ".join(_names(session, match) for match in equal[:3])
        return f"yours of {which} equals the right one {names}, to {_figures(max(m.difference for m in equal))}" if (
            names.startswith("without")) else f"yours of {which}: {names}, equal to {_figures(equal[0].difference)}"
    if session.right is None:
        unknown = "loss is none" if session.known and not session.known.form.loss else "network is none"
        return f"yours of {which} is not the slope measured; the {unknown} that is known here, so no mistake is named"
    plain = f"yours of {which} is not the slope measured, and no mistake of the list gives it"
    return f"{plain}; the nearest, {_names(session, matches[0])}, is {_percent_off(matches[0].difference)}" if (
        matches) else plain


def _names(session, match):
    """Return the name of a match, with the activation's in it."""
    activations = session.known.form.activations if session.known else ()
    layer = match.layer or 0
    activation = activations[layer] if layer < len(activations) else "activation"
    return ", and ".join(MISTAKES[key].name.format(activation=activation) for key in match.keys)


def _remedies(session, equal):
    """Return the lines that mend the mistakes."""
    found = {}
    for match in equal.values():
        form = session.known.form if session.known else None
        activation = form.activations[match.layer or 0] if form and form.activations else ""
        output = MEND_OUTPUT.get((form.head, form.loss), "delta = d loss / d z") if form else ""
        for key in match.keys:
            found[MISTAKES[key].remedy.format(slope=DERIVATIVES.get(activation, "f'(z)"), output=output)] = None
    return "; or ".join(found)


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


def _wrong_axis(name, shape, wanted):
    """Return the failed CheckResult of a bias's gradient that is as long as the batch."""
    mistake = MISTAKES["bias over wrong axis"]
    return CheckResult(f"gradient of {name}", False, f"shape {shape}",
                       f"{mistake.name}: it is as long as the batch, and {name} has shape {wanted}", mistake.remedy,
                       {"matches": [(mistake.name, 0.0)], "mistakes": [["bias over wrong axis"]]})


def _figures(far):
    """Return to how many figures two are equal."""
    count = int(min(15, -np.log10(max(far, 1e-15))))
    return f"{count} figure{'s' * (count != 1)}"


def _percent_off(far):
    """Return how far two are from each other."""
    return f"{100 * far:.3g} % off"
