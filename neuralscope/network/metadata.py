"""What a network's file says of it in words and figures: its fields, and what each of them may hold."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from neuralscope.errors import InputError
from neuralscope.network.options import MAX_WHOLE_NUMBER, TrainingOptions

MAX_CHARACTERS = 500_000  # of all of it as JSON: as many as the names of thousands of classes take
MAX_LINE_CHARACTERS = 4096  # of one text in it: a path's
SHOWN_CHARACTERS = 40


def parse_metadata(text: str) -> dict[str, Any]:
    """Return what a file says of its network; what other programs say beside is kept. Raises InputError."""
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"its metadata has {len(text):,} characters, and at most {MAX_CHARACTERS:,} are read")
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("its metadata is not JSON") from None
    if not isinstance(metadata, dict):
        raise InputError("its metadata is not a JSON object")
    for name, value in wrong_fields(metadata).items():
        raise InputError(f"its metadata gives {name} as {value!r:.{SHOWN_CHARACTERS}}")
    return metadata


def check_writable(metadata: Mapping[str, Any]) -> None:
    """Raise InputError where no file can say this of its network, for it could not be read again."""
    for name, value in wrong_fields(metadata).items():
        raise InputError(f"{name} {value!r:.{SHOWN_CHARACTERS}}: a file cannot say this of its network",
                         "rename the data")
    count = len(json.dumps(metadata))
    if count > MAX_CHARACTERS:
        raise InputError(f"what a file says of its network would have {count:,} characters, and at most "
                         f"{MAX_CHARACTERS:,} are read", "give the classes shorter names")


def wrong_fields(values: Mapping[str, Any], checks: "Checks | None" = None) -> dict[str, Any]:
    """Return those of ``values`` by name that cannot be their field's; ``checks``: the fields' (METADATA_CHECKS)."""
    checks = METADATA_CHECKS if checks is None else checks
    return {name: values[name] for name, fits in checks.items() if name in values and not fits(values[name])}


def is_line(value: Any) -> bool:
    """Say whether a value is a text that can stand in a line."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= MAX_LINE_CHARACTERS


def is_count(value: Any) -> bool:
    """Say whether a value is a whole number of at least 0."""
    return type(value) is int and 0 <= value <= MAX_WHOLE_NUMBER  # bool is a kind of int


def is_number(value: Any) -> bool:
    """Say whether a value is a finite number."""
    return type(value) in (int, float) and isfinite(value)


def is_fraction(value: Any) -> bool:
    """Say whether a value is a number from 0 to 1."""
    return type(value) in (int, float) and 0 <= value <= 1  # NaN is not


def is_list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a check for a list of what ``fits``."""
    return lambda value: isinstance(value, list) and all(map(fits, value))


def is_object_of(checks: "Checks") -> Callable[[Any], bool]:
    """Return a check for a dict whose fields are these, where it has them."""
    return lambda value: isinstance(value, dict) and not wrong_fields(value, checks)


def is_image_shape(value: Any) -> bool:
    """Say whether a value is the height and width of pictures, from 1."""
    return isinstance(value, list) and len(value) == 2 and all(is_count(side) and side > 0 for side in value)


def is_rate_change(value: Any) -> bool:
    """Say whether a value is a step, from 1, and the learning rate from there on."""
    return isinstance(value, list) and len(value) == 2 and is_count(value[0]) and value[0] > 0 and (
        is_number(value[1]) and value[1] >= 0)


Checks = Mapping[str, Callable[[Any], bool]]
CHECKS_BY_TYPE: dict[Any, Callable[[Any], bool]] = {int: is_count, float: is_number, str: is_line,
                                                    tuple: is_list_of(is_count)}
OPTION_CHECKS: Checks = {entry.name: CHECKS_BY_TYPE[entry.type] for entry in dataclasses.fields(TrainingOptions)}
SPLIT_CHECKS: Checks = {"kind": is_line, "seed": is_count, "test_share": is_fraction,
                        "file": lambda value: value == "" or is_line(value)}
INPUTS_CHECKS: Checks = {"scale": is_line, "mean": is_number, "deviation": is_number,
                         "transposed": lambda value: isinstance(value, bool)}
ORIGIN_CHECKS: Checks = {"file": is_line, "format": is_line, "raw_scores": lambda value: isinstance(value, bool),
                         "undecided": is_list_of(is_line)}
METADATA_CHECKS: Checks = {
    **dict.fromkeys(("dataset", "source", "preparation", "neuralscope", "numpy", "train_sha256", "test_sha256"),
                    is_line),
    **dict.fromkeys(("train_count", "test_errors", "epochs_run", "threads", "steps_taught"), is_count),
    **dict.fromkeys(("train_accuracy", "validation_accuracy", "test_accuracy"), is_fraction),
    "test_count": lambda value: is_count(value) and value > 0,
    "options": is_object_of(OPTION_CHECKS), "split": is_object_of(SPLIT_CHECKS),
    "inputs": is_object_of(INPUTS_CHECKS), "origin": is_object_of(ORIGIN_CHECKS), "image_shape": is_image_shape,
    "class_names": is_list_of(is_line), "feature_names": is_list_of(is_line),
    "learning_rates": is_list_of(is_rate_change),
    "continued_after": is_list_of(is_count)}
