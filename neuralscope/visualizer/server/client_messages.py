"""What a page may tell the server: one schema a message, and nothing besides."""

import json
from dataclasses import dataclass

MAX_MESSAGE_BYTES = 1024  # bytes of a message
MAX_WINDOW_SIZE = 2560, 1600  # the largest window, and
MAX_PIXEL_RATIO = 2  # the most pixels to each of its own, along a side; a window with fewer may be as much larger


@dataclass(frozen=True)
class NumberField:
    """A number from ``low`` to ``high``, a whole one where ``is_integer``."""

    low: float
    high: float
    is_integer: bool = False

    def accepts(self, value):
        """Say whether a value is one; true and false are none, and neither is what is not finite."""
        kinds = (int,) if self.is_integer else (int, float)
        return type(value) in kinds and self.low <= value <= self.high


@dataclass(frozen=True)
class TextField:
    """A printable text of at most ``max_length`` letters."""

    max_length: int

    def accepts(self, value):
        """Say whether a value is one."""
        return type(value) is str and 0 < len(value) <= self.max_length and value.isprintable()


class FlagField:
    """True or false."""

    def accepts(self, value):
        """Say whether a value is one."""
        return type(value) is bool


SIDE_FIELD = NumberField(100, 20_000)
PIXEL_FIELD = NumberField(-20_000, 20_000)  # a captured pointer may be far outside
POINT_FIELDS = {"x": PIXEL_FIELD, "y": PIXEL_FIELD}
POINTER_FIELDS = {
    **POINT_FIELDS,
    "button": NumberField(0, 4, is_integer=True),
    "buttons": NumberField(0, 63, is_integer=True),
    "shift": FlagField(),
}
MESSAGE_SCHEMAS = {
    "ack": {},
    "beat": {},
    "quit": {},
    "resize": {"width": SIDE_FIELD, "height": SIDE_FIELD, "ratio": NumberField(0.1, MAX_PIXEL_RATIO)},
    "key_press": {"key": TextField(24), "shift": FlagField(), "repeat": FlagField()},
    "button_press": POINTER_FIELDS,
    "button_release": POINTER_FIELDS,
    "motion_notify": POINTER_FIELDS,
    "figure_leave": POINTER_FIELDS,
    "scroll": {**POINTER_FIELDS, "step": NumberField(-10, 10)},
}


def parse_message(text):
    """Return the message in a page's text as `check_message` does; raises ValueError with what is wrong."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    return check_message(message)


def check_message(message):
    """Return a message, a dict that its schema admits; raises ValueError with what is wrong."""
    message_type = message.get("type") if isinstance(message, dict) else None
    if not isinstance(message_type, str) or message_type not in MESSAGE_SCHEMAS:
        raise ValueError("no message of this window")
    schema = MESSAGE_SCHEMAS[message_type]
    if message.keys() - {"type"} != schema.keys():
        raise ValueError(f"{message_type}: not its properties")
    for name, field in schema.items():
        if not field.accepts(message[name]):
            raise ValueError(f"{message_type}: {name} is out of bounds")
    if message_type == "resize" and any(message[name] * message["ratio"] > MAX_PIXEL_RATIO * side + 1
                                        for name, side in zip(("width", "height"), MAX_WINDOW_SIZE, strict=True)):
        raise ValueError("resize: too many pixels")
    return message
