"""What a page may tell the server: one schema a message, and nothing besides."""

import json
from dataclasses import dataclass

LARGEST = 1024  # bytes of a message
SIDES = 2560, 1600  # the largest window, and
RATIO = 2  # the most pixels to each of its own, along a side; a window with fewer may be as much larger


@dataclass(frozen=True)
class Number:
    """A number from ``low`` to ``high``, a whole one where ``is_integer``."""

    low: float
    high: float
    whole: bool = False

    def admits(self, value):
        """Say whether a value is one; true and false are none, and neither is what is not finite."""
        kinds = (int,) if self.whole else (int, float)
        return type(value) in kinds and self.low <= value <= self.high


@dataclass(frozen=True)
class Text:
    """A printable text of at most ``max_length`` letters."""

    longest: int

    def admits(self, value):
        """Say whether a value is one."""
        return type(value) is str and 0 < len(value) <= self.longest and value.isprintable()


class Flag:
    """True or false."""

    def admits(self, value):
        """Say whether a value is one."""
        return type(value) is bool


SIDE = Number(100, 20_000)
PIXEL = Number(-20_000, 20_000)  # a captured pointer may be far outside
POINT = {"x": PIXEL, "y": PIXEL}
PRESS = {**POINT, "button": Number(0, 4, whole=True), "buttons": Number(0, 63, whole=True), "shift": Flag()}
SCHEMAS = {
    "ack": {},
    "resize": {"width": SIDE, "height": SIDE, "ratio": Number(0.1, RATIO)},
    "key_press": {"key": Text(24), "shift": Flag(), "repeat": Flag()},
    "button_press": PRESS,
    "button_release": PRESS,
    "motion_notify": PRESS,
    "figure_leave": PRESS,
    "scroll": {**PRESS, "step": Number(-10, 10)},
}


def checked(text):
    """Return a page's message as a dict that its schema admits; raises ValueError with what is wrong."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    kind = message.get("type") if isinstance(message, dict) else None
    if not isinstance(kind, str) or kind not in SCHEMAS:
        raise ValueError("no message of this window")
    schema = SCHEMAS[kind]
    if message.keys() - {"type"} != schema.keys():
        raise ValueError(f"{kind}: not its properties")
    for name, rule in schema.items():
        if not rule.admits(message[name]):
            raise ValueError(f"{kind}: {name} is out of bounds")
    if kind == "resize" and any(message[name] * message["ratio"] > RATIO * side + 1
                                for name, side in zip(("width", "height"), SIDES, strict=True)):
        raise ValueError("resize: too many pixels")
    return message
