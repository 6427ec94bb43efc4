"""``neuralscope.check_code``: what is wrong with the code of one's own network."""

from collections.abc import Callable
from typing import Any

import numpy as np

from neuralscope.checkup.code.forward_checks import (
    FORWARD_LINE,
    NUMBERS_LINE,
    check_fit,
    check_inputs,
    check_outputs,
    check_overflow,
    check_side_effects,
)
from neuralscope.checkup.code.gradient_checks import check_gradients, check_shapes
from neuralscope.checkup.code.learning import check_by_heart, check_step_lowers, check_step_size
from neuralscope.checkup.code.parameters import array_paths
from neuralscope.checkup.code.session import CodeSession, start_session
from neuralscope.checkup.code.step_check import check_step
from neuralscope.checkup.code.user_functions import UserCode, left_as_it_was
from neuralscope.checkup.report import CheckResult, Report
from neuralscope.errors import InputError


def check_code(forward: Callable, loss: Callable, gradients: Callable, parameters: Any, X: np.ndarray,  # noqa: N803
               y: np.ndarray, seed: int | None = None, step: Callable | None = None) -> Report:
    """Return a Report on the code of a network: its forward pass, each array's gradient, and whether it learns.

    ``forward(parameters, x)`` gives the outputs, ``loss(outputs, y)`` a number (``loss(outputs, y, parameters)`` where
    it has weight decay), ``gradients(parameters, x, y)`` an array for each of ``parameters``: a list, tuple or dict of
    arrays, in the code's own layout. ``X``: samples as rows (n, inputs) or columns (inputs, n); ``y``: labels from 0
    (n,), or targets like the outputs; both are handed on in that layout, a few samples at a time. ``step(parameters,
    x, y)``: one training step, which returns new parameters or changes those given. The functions get copies in
    float64. ``seed`` (None: 0): of the samples and numbers that are looked at, and of NumPy's global generator before
    each call; the same seed gives the same Report.

    Raises InputError for what cannot be checked: X and y of other lengths, labels beyond the outputs, gradients that
    are missing, None, NaN or of another shape than their parameters, and functions that raise.
    """
    functions = {"forward": forward, "loss": loss, "gradients": gradients, **({"step": step} if step else {})}
    for name, function in functions.items():
        if not callable(function):
            raise InputError(f"{name} is {type(function).__name__}, not a function", "give the function itself")
    if seed is not None and not (isinstance(seed, (int, np.integer)) and 0 <= seed < 2**32 - 1):
        raise InputError(f"seed is {seed!r}", "give a whole number from 0 to 2**32 - 2")
    code = UserCode(forward, loss, gradients, parameters, step, seed or 0)
    with left_as_it_was():
        results = tuple(_results(start_session(code, array_paths(parameters), X, y, seed or 0)))
    return Report("your code", results, (_head(Report("", results)),))


def _results(session: CodeSession) -> list[CheckResult]:
    """Return all CheckResults, in order."""
    before = [check_fit(session), check_side_effects(session), check_inputs(session), check_outputs(session),
              check_overflow(session)]
    if any(result.name == NUMBERS_LINE for result in before):  # nothing can be measured
        return [*before, CheckResult("gradients", None, "", "could not be tried: outputs or loss are no numbers")]
    shaped = check_shapes(session)
    if shaped:
        session.code.step = None  # it would fail of the same shapes
    forward = next((result.name for result in before if result.name == FORWARD_LINE and result.passed is False), "")
    found = check_gradients(session, shaped, forward)
    cause = forward or next((result.name for result in found if result.passed is False), "")
    steps = [check_step(session, cause)] if session.code.step else []
    return [*before, *found, *steps, check_step_lowers(session, cause), check_step_size(session),
            check_by_heart(session, cause, all(result.passed for result in found))]


def _head(report: Report) -> str:
    """Return what is wrong and the line of code that mends it, or the network where nothing is."""
    first = report.first_to_mend or next(iter(report.failed), None)
    if first is None:
        return report.results[0].explanation
    return f"{first.name}: {first.explanation}{first.remedy and f' → {first.remedy}'}"
