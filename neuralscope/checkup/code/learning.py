"""The lines of a check-up on learning: a few samples by heart, a step that lowers the loss, a step's size."""

import numpy as np

from neuralscope.checkup.code.layout import targets_of
from neuralscope.checkup.code.match import right_gradients
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.recognise import output_rows
from neuralscope.checkup.code.session import CodeSession
from neuralscope.checkup.report import CheckResult
from neuralscope.errors import InputError
from neuralscope.formatting import scientific

LEARNED_BY_HEART, STEPS = 10, 200
RATES = (0.05, 0.01, 0.2, 0.002)  # of Adam, which does not mind the size of the gradients
DECREASE_STEPS = (1e-2, 1e-3, 1e-4, 1e-5)  # along the gradient, relative to the length of the parameters
GOOD_RATIOS = (1e-7, 1.0)  # of the length of a step to that of the weights; a longer one may still go down

Arrays = dict[Path, np.ndarray]


def check_by_heart(session: CodeSession, cause: str, gradients_pass: bool) -> CheckResult:
    """Return whether ten samples can be learned by heart in STEPS steps with the person's gradients.

    ``cause``: the name of the check that says what is wrong with the gradients or the forward pass, or "".
    """
    few = _few(session)
    title = f"learns {len(few)} by heart"
    targets = targets_of(few, session.outputs.shape[1])
    if not _are_classes(targets):
        return CheckResult(title, None, "", "could not be tried: the targets are no classes")
    best, rate = (None, RATES[0]) if gradients_pass else _best_of_right(session, few, targets)
    try:  # where gradients are wrong, with the rate at which the right ones learn best
        right, _ = _best(session, few, targets, lambda arrays, part: session.code.gradients_at(arrays, part.x, part.y),
                         RATES if gradients_pass else (rate,))
    except (InputError, ValueError) as error:
        return CheckResult(title, None, "", f"could not be tried: {getattr(error, 'problem', error)}")
    figure = f"{right} of {len(few)}"
    if right == len(few):
        return CheckResult(title, True, figure, f"by your gradients, in {STEPS} steps of Adam at most")
    if gradients_pass:  # a small or deep network may need more steps; one whose neurons are all alike is stuck
        alike = any(np.ptp(session.arrays[path]) == 0 for path in _weights(session))
        return CheckResult(title, False if alike else None, figure,
                           f"after {STEPS} steps of Adam, with gradients that are right",
                           "draw the starting weights at random with deviation 1 / sqrt(inputs), or take more neurons")
    after = f"after {STEPS} steps of Adam by your gradients"
    if best is not None and best <= right:
        return CheckResult(title, None, figure, f"{after}; no more with the right ones, measured")
    return CheckResult(title, False, figure, after,
                       "mend the gradients" + (f": then {best} of {len(few)}, measured" if best else ""), cause=cause)


def check_step_lowers(session: CodeSession, cause: str = "") -> CheckResult:
    """Return whether a small step along the person's gradients, or their own step, lowers the loss.

    ``cause``: the name of the check that says what is wrong with the gradients, or "".
    """
    title, code, batch = "a step lowers the loss", session.code, session.batch
    before = code.loss_at(session.arrays, batch.x, batch.y)
    length, size = _length(session.arrays), _length(session.theirs)
    if code.step:
        after = code.loss_at(code.stepped(session.arrays, batch.x, batch.y), batch.x, batch.y)
        lower = bool(after < before)
        return CheckResult(title, lower, f"{before:.4g} to {after:.4g}", "by your own step",
                           "" if lower else "mend the gradients, or take a smaller rate" if cause else
                           "take a smaller rate", cause="" if lower else cause)
    if not size:
        return CheckResult(title, False, "", "all gradients are 0",
                           "draw the starting weights at random, or mend the gradients", cause=cause)
    after = before
    for part in DECREASE_STEPS:
        moved = {path: array - part * max(length, 1e-3) / size * session.theirs[path]
                 for path, array in session.arrays.items()}
        after = code.loss_at(moved, batch.x, batch.y)
        if after < before:
            return CheckResult(title, True, f"{before:.4g} to {after:.4g}",
                               f"along your gradients, by {part:g} of the parameters' length")
    return CheckResult(title, False, f"{before:.4g} to {after:.4g}", "along your gradients, however short it is",
                       "mend the gradients", cause=cause)


def check_step_size(session: CodeSession) -> CheckResult:
    """Return how long a step is beside the weights: about 1e-3 is good."""
    title, code, batch = "step to weight ratio", session.code, session.batch
    weights = [path for path in _weights(session) if session.arrays[path].any()]
    if not weights:
        return CheckResult(title, None, "", "could not be tried: all weights are 0")
    if not code.step:
        ratio = max(_norm(session.theirs[path]) / _norm(session.arrays[path]) for path in weights)
        if not ratio:
            return CheckResult(title, None, "", "could not be tried: the gradients are 0")
        return CheckResult(title, True, f"{ratio:.3g} × rate",
                           f"a learning rate of {1e-3 / ratio:.2g} moves the weights by {scientific(1e-3, 1)} a step")
    after = code.stepped(session.arrays, batch.x, batch.y)
    ratio = max(_norm(after[path] - session.arrays[path]) / _norm(session.arrays[path]) for path in weights)
    low, high = GOOD_RATIOS
    rises = code.loss_at(after, batch.x, batch.y) >= code.loss_at(session.arrays, batch.x, batch.y)
    remedy = ""
    if ratio < low:
        remedy = "take a larger rate, and return the new parameters or change them in place"
    elif ratio > high and rises:
        remedy = f"take a rate {ratio / 1e-3:.2g} times less"
    return CheckResult(title, not remedy, scientific(ratio, 2), f"about {scientific(1e-3, 1)} learns well", remedy)


def _weights(session):
    """Return where the weights are: each layer's, or, of an unknown network, what is no vector."""
    if session.known:
        return [layer.weights for layer in session.known.chain]
    return [path for path, array in session.arrays.items() if array.ndim > 1 and min(array.shape) > 1]


def _few(session):
    """Return ten samples that differ from each other."""
    rows, chosen = session.samples.rows, []
    for place in session.rng.permutation(len(session.samples))[:10 * LEARNED_BY_HEART]:
        if all(not np.array_equal(rows[place], rows[other]) for other in chosen):
            chosen.append(place)
    return session.samples.take(np.array(chosen[:LEARNED_BY_HEART]))


def _are_classes(targets):
    """Tell whether targets are 0 or 1, one of them 1 in each row unless there is one output."""
    return bool(np.isin(targets, (0, 1)).all() and (targets.shape[1] == 1 or (targets.sum(axis=1) == 1).all()))


def _best(session, few, targets, gradients, rates):
    """Return the most samples that were read rightly with any of the rates, and that rate."""
    best, at = -1, rates[0]
    for rate in rates:
        right = _learn(session, few, targets, gradients, rate)
        if right > best:
            best, at = right, rate
        if best == len(few):
            break
    return best, at


def _best_of_right(session, few, targets):
    """Return what `_best` finds with the right gradients, or None and a rate where these are not known."""
    known = session.known
    if known is None or session.right is None or session.random:  # the masks of dropout are those of the batch
        return None, RATES[0]
    return _best(session, few, targets, lambda arrays, part: right_gradients(known, arrays, part), RATES)


def _learn(session, few, targets, gradients, rate):
    """Return how many samples are read rightly within STEPS steps of Adam (Kingma & Ba 2015), at most."""
    arrays = dict(session.start)
    mean = {path: np.zeros_like(array) for path, array in arrays.items()}
    square, best = dict(mean), 0
    for step in range(1, STEPS + 1):
        for path, gradient in gradients(arrays, few).items():
            mean[path] = 0.9 * mean[path] + 0.1 * gradient
            square[path] = 0.99 * square[path] + 0.01 * gradient**2
            change = mean[path] / (1 - 0.9**step) / (np.sqrt(square[path] / (1 - 0.99**step)) + 1e-12)
            arrays[path] = arrays[path] - rate * change
        if step % 10 == 0:
            best = max(best, _right(session, few, targets, arrays))
            if best == len(few):
                break
    return best


def _right(session, few, targets, arrays):
    """Return how many samples are read rightly."""
    outputs, _ = output_rows(session.code.outputs(arrays, few.x), few)
    if targets.shape[1] > 1:
        return int(np.sum(outputs.argmax(axis=1) == targets.argmax(axis=1)))
    scores = bool(session.known and session.known.form.loss.endswith("scores"))
    return int(np.sum((outputs > (0 if scores else 0.5)) == (targets > 0.5)))


def _norm(array):
    """Return the length of an array."""
    return float(np.linalg.norm(array))


def _length(arrays):
    """Return the length of all arrays together."""
    return sum(_norm(array)**2 for array in arrays.values())**0.5
