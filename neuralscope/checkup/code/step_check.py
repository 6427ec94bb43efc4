"""The line of a check-up on a person's training step: whether it goes along the gradients, and what it does instead."""

from dataclasses import replace

import numpy as np

from neuralscope.checkup.code.layout import targets_of
from neuralscope.checkup.code.match import EQUAL, Match, difference, equal_ones, find_matches, floor_of, known_factors
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.reference import backward, forward
from neuralscope.checkup.code.remedies import match_name, match_remedy
from neuralscope.checkup.code.session import CodeSession
from neuralscope.checkup.report import CheckResult

Arrays = dict[Path, np.ndarray]
TITLE = "the training step"


def check_step(session: CodeSession, cause: str = "") -> CheckResult:
    """Return whether ``step`` moves the parameters along the gradients, and where not, which mistake moves them so.

    ``cause``: the name of the check that says what is wrong with the gradients, or "".
    """
    after = session.code.stepped(session.arrays, session.batch.x, session.batch.y)
    moves = {path: after[path] - session.arrays[path] for path in session.arrays}
    if not any(move.any() for move in moves.values()):
        return CheckResult(TITLE, False, "no change", "step neither returns new parameters nor changes them in place",
                           "return the new parameters")
    right = session.theirs if session.right is None else session.right
    rate = _rate(moves[_last(session)], right[_last(session)])
    if not rate:
        return CheckResult(TITLE, None, "", "not compared: it is no plain gradient descent")
    taken = {path: -move / rate for path, move in moves.items()}
    details = {"rate": rate}
    if rate > 0 and all(difference(taken[path], right[path], floor_of(right)) <= EQUAL for path in right):
        return CheckResult(TITLE, True, f"rate {rate:.4g}", "it goes along the right gradients" if
                           session.right is not None else "it goes along your gradients", details=details)
    matches = _matches(session, taken, right, rate)
    equal = equal_ones(matches)
    details |= {"matches": [(match_name(session, match), match.difference) for match in matches[:7]],
                "mistakes": [list(match.keys) for match in equal]}
    if not equal:
        along = all(difference(taken[path], session.theirs[path]) <= EQUAL for path in right)
        return CheckResult(TITLE, False if along else None, "", "it goes along your gradients, which are not right" if
                           along else "not compared: no plain gradient descent, and no mistake of the list", "",
                           details, cause=cause if along else "")
    return CheckResult(TITLE, False, f"rate {abs(rate):.4g}", " or ".join(match_name(session, match) for match in
                                                                              equal),
                       match_remedy(session, equal), details)


def _last(session):
    """Return the last layer's weights, whose gradient no order of updates changes."""
    return session.known.chain[-1].weights if session.known else list(session.arrays)[-1]


def _rate(move, gradient):
    """Return the learning rate of a move along a gradient, or 0 where it is along another line."""
    length = float(np.sum(gradient**2))
    rate = -float(np.sum(move * gradient)) / length if length else 0.0
    return rate if difference(move, -rate * gradient) <= EQUAL else 0.0


def _matches(session, taken, right, rate):
    """Return the matches of the gradients that the step took, the nearest first."""
    if rate < 0:
        turned = max(difference(taken[path], right[path], floor_of(right)) for path in right)
        return [Match(("sign",), None, turned)]
    factors = known_factors(len(session.batch), session.outputs.shape[1])
    found = find_matches(taken, right, session.made, list(right), factors)
    if session.right is not None:
        early = updated_first(session, rate)
        if max(difference(early[path], right[path], floor_of(right)) for path in right) > EQUAL:
            far = max(difference(taken[path], early[path], floor_of(right)) for path in right)
            found.append(Match(("weights updated first",), None, far))
    return sorted(found, key=lambda match: (match.difference > EQUAL, len(match.keys), match.difference))


def updated_first(session: CodeSession, rate: float) -> Arrays:
    """Return the gradients where each layer's weights are updated before the error goes back through them."""
    known = session.known
    if known is None:
        return session.theirs
    network = known.network(session.arrays, len(session.batch))
    trace = forward(network, known.rows(session.batch))
    targets = targets_of(session.batch, trace.outputs.shape[1])

    def through_updated(at):
        above = gradients[at.layer + 1]
        return at.incoming @ (network.weights[at.layer + 1] - rate * above).T

    gradients = [weights for weights, _ in backward(network, trace, targets)]
    for _ in network.weights:  # from the top: each layer's gradient depends on the updates above it
        found = backward(replace(network), trace, targets, {"error": through_updated})
        gradients = [weights for weights, _ in found]
    return known.by_path(found, session.arrays)
