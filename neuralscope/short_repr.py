"""What a dataclass that holds arrays looks like in a terminal: shapes and dtypes, not numbers."""

from dataclasses import fields
from typing import Any

MAX_ITEMS = 4  # of a tuple, list or dict that are shown; a network has rarely more layers
MAX_TEXT = 60  # characters of anything else


def short_repr(record: Any) -> str:
    """Return a dataclass instance in short; a class takes it by ``__repr__ = short_repr``."""
    shown = (f"{entry.name}={_short(getattr(record, entry.name))}" for entry in fields(record) if entry.repr)
    return f"{type(record).__name__}({', '.join(shown)})"


def _short(value: Any) -> str:
    """Return a value in short: ``float32 (784, 256)`` for an array, the first few items of what holds many."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{value.dtype} {value.shape}" if value.shape else repr(value)
    if isinstance(value, dict):
        return "{" + _joined([f"{key!r}: {_short(item)}" for key, item in list(value.items())[:MAX_ITEMS]], value) + "}"
    if isinstance(value, (tuple, list)):
        opening, closing = "()" if isinstance(value, tuple) else "[]"
        return opening + _joined([_short(item) for item in value[:MAX_ITEMS]], value) + closing
    text = repr(value)
    fits = len(text) <= MAX_TEXT or type(value).__repr__ is short_repr
    return text if fits else f"{text[:MAX_TEXT - 3]}..."


def _joined(shown: list[str], everything: Any) -> str:
    """Return the shown items, and how many there are where that is not all."""
    return ", ".join(shown) + (f", ... {len(everything)} in all" if len(everything) > len(shown) else "")
