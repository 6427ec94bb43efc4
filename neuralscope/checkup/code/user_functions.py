"""A person's functions, called with copies, with the same random numbers each time, and watched for changes."""

import random
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import Parameter, signature
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from neuralscope.checkup.code.parameters import Path, array_name, gradient_arrays, with_arrays
from neuralscope.errors import InputError

Arrays = dict[Path, np.ndarray]


@dataclass(eq=False)
class UserCode:
    """What a person wrote: ``forward(parameters, x)``, ``loss(outputs, y)`` and ``gradients(parameters, x, y)``.

    ``parameters``: as given, whose form every call gets again, filled with float64. A loss with three places gets the
    parameters too, for its weight decay. ``seed``: what NumPy's and Python's global generators are set to before each
    call. ``changed``: what the functions changed in place, as "gradients changes W1".
    """

    forward: Callable
    loss: Callable
    gradients: Callable
    parameters: Any
    step: Callable | None = None
    seed: int = 0
    changed: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """See whether the loss takes the parameters."""
        self.loss_takes_parameters = _places(self.loss) == 3

    def outputs(self, arrays: Arrays, x: np.ndarray) -> np.ndarray:
        """Return what forward makes of ``x``, in float64, in its own shape."""
        outputs = self._call("forward", self.forward, arrays, x)
        if isinstance(outputs, tuple):
            raise InputError(f"forward returned a tuple of {len(outputs)}", "return the outputs alone")
        if outputs is None:
            raise InputError("forward returned None", "return the outputs")
        try:
            return np.array(outputs, np.float64)
        except (TypeError, ValueError):
            raise InputError(f"forward returned {type(outputs).__name__}, which is no array of numbers",
                             "return the outputs alone") from None

    def loss_of(self, outputs: np.ndarray, y: np.ndarray, arrays: Arrays) -> float:
        """Return the loss of outputs; raises InputError where it is no number."""
        value = self._call("loss", self.loss, arrays, outputs, y)
        try:
            number = np.asarray(value, np.float64)
        except (TypeError, ValueError):
            number = np.zeros(2)
        if number.size != 1:
            raise InputError(f"loss returned {_described(value)}, not a number", "return the mean or the sum")
        return float(number.reshape(()))

    def loss_at(self, arrays: Arrays, x: np.ndarray, y: np.ndarray) -> float:
        """Return the loss of the outputs for ``x``."""
        return self.loss_of(self.outputs(arrays, x), y, arrays)

    def gradients_at(self, arrays: Arrays, x: np.ndarray, y: np.ndarray) -> Arrays:
        """Return the person's gradients; forward is called first, for code that remembers what it computed."""
        self.outputs(arrays, x)
        return gradient_arrays(self._call("gradients", self.gradients, arrays, x, y), arrays)

    def stepped(self, arrays: Arrays, x: np.ndarray, y: np.ndarray) -> Arrays:
        """Return the parameters after a step: those that it returns, or else those that it changed in place."""
        given = with_arrays(self.parameters, arrays)
        self.outputs(arrays, x)
        returned = self._run("step", self.step, given, x.copy(), y.copy())
        return gradient_arrays(given if returned is None else returned, arrays)

    def _call(self, name, function, arrays, *given):
        """Return what a function makes of copies, and note which of them it changed."""
        parameters, copies = with_arrays(self.parameters, arrays), [array.copy() for array in given]
        takes = [] if name == "loss" and not self.loss_takes_parameters else [parameters]
        result = self._run(name, function, *((*copies, *takes) if name == "loss" else (*takes, *copies)))
        pairs = [*zip(given, copies, ("x", "y") if name != "loss" else ("the outputs", "y"), strict=False)]
        if takes:
            now = gradient_arrays(parameters, arrays)
            pairs += [(arrays[path], now[path], array_name(path)) for path in arrays]
        for before, after, noun in pairs:
            same = np.array_equal(before, after)  # with equal_nan it takes eight times as long
            if not same and not np.array_equal(before, after, equal_nan=before.dtype.kind == "f"):
                self.changed[f"{name} changes {noun}"] = None
        return np.array(result, copy=True) if isinstance(result, np.ndarray) else result

    def _run(self, name, function, *arguments):
        """Return what a function returns; what it raises is said as its own message and line."""
        np.random.seed(self.seed)
        random.seed(self.seed)
        try:
            return function(*arguments)
        except Exception as error:
            problem = f"{name} raised {type(error).__name__}{_place(error)}: {error}"
            raise InputError(problem, "mend it first") from error


@contextmanager
def left_as_it_was() -> Iterator[None]:
    """Put the global generators back to what they were, and keep what the functions' numbers warn of to itself."""
    state, python_state = np.random.get_state(), random.getstate()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(state)
        random.setstate(python_state)


def _places(function):
    """Return how many arguments a function must be given by place, or 0 where it does not say."""
    try:
        every = signature(function).parameters.values()
    except (TypeError, ValueError):
        return 0
    by_place = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.kind in by_place and each.default is Parameter.empty for each in every)


def _place(error):
    """Return where the person's own code raised, as " in line 12 of net.py"; what libraries did below is left out."""
    folders = sysconfig.get_paths()
    installed = (str(FilePath(np.__file__).parent), *map(folders.get, ("stdlib", "purelib")), __file__, "<frozen",
                 "<__array")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(installed)]
    return f" in line {frames[-1].lineno} of {FilePath(frames[-1].filename).name}" if frames else ""


def _described(value):
    """Return what a value is, in short."""
    shape = getattr(value, "shape", None)
    return f"an array of shape {shape}" if shape is not None else f"{type(value).__name__}"
