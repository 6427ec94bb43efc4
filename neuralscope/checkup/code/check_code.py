"""``neuralscope.check_code``: what is wrong with the code of one's own network."""

from collections.abc import Callable
from typing import Any

import numpy as np

from neuralscope.checkup.code.forward_checks import (
    FORWARD_LINE,
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
    code = UserCode(forward, loss, gradients, parameters, step, seed or 0)
    with left_as_it_was():
        return Report("your code", tuple(_results(start_session(code, array_paths(parameters), X, y, seed or 0))))


def _results(session: CodeSession) -> list[CheckResult]:
    """Return all CheckResults, in order."""
    before = [check_fit(session), check_side_effects(session), check_inputs(session), check_outputs(session),
              check_overflow(session)]
    shaped = check_shapes(session)
    if shaped:
        session.code.step = None  # it would fail of the same shapes
    line = next((number for number, result in enumerate(before, 1) if result.name == FORWARD_LINE and
                 result.passed is False), 0)
    found = check_gradients(session, shaped, line)
    steps = [check_step(session)] if session.code.step else []
    fine = not line and all(result.passed for result in found)
    return [*before, *found, *steps, check_step_lowers(session), check_step_size(session),
            check_by_heart(session, fine)]
