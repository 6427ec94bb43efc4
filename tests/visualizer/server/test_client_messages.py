"""What a page may tell the server."""

import json

import pytest

from neuralscope.visualizer.server.client_messages import (
    MAX_MESSAGE_BYTES,
    MAX_PIXEL_RATIO,
    MAX_WINDOW_SIZE,
    MESSAGE_SCHEMAS,
    parse_message,
)

POINT = {"x": 10.5, "y": -3, "button": 0, "buttons": 1, "shift": False}
MESSAGES = {
    "ack": {}, "beat": {}, "quit": {}, "resize": {"width": 1400, "height": 800, "ratio": 1},
    "scroll": POINT | {"step": -1.5},
    "key_press": {"key": "ArrowLeft", "shift": True, "repeat": False},
    **dict.fromkeys(("button_press", "button_release", "motion_notify", "figure_leave"), POINT)}
CHANGES = [("resize", "width", 99), ("resize", "width", 20_001), ("resize", "height", 20_001),
           ("resize", "ratio", 2.01), ("resize", "ratio", 0), ("resize", "width", True), ("resize", "width", "1400"),
           ("key_press", "key", ""), ("key_press", "key", "k" * 25), ("key_press", "key", "a\n"),
           ("key_press", "key", ["a"]),
           ("key_press", "shift", 1), ("key_press", "repeat", None), ("scroll", "step", 11), ("scroll", "x", 1e9),
           ("scroll", "x", float("nan")), ("scroll", "y", float("-inf")), ("button_press", "button", 5),
           ("button_press", "button", 0.5), ("button_press", "button", True), ("motion_notify", "buttons", -1),
           ("motion_notify", "buttons", 10**400), ("figure_leave", "x", {})]


def text(kind, properties):
    return json.dumps({"type": kind, **properties})


@pytest.mark.parametrize("kind", MESSAGE_SCHEMAS)
def test_what_the_page_says_is_admitted_and_nothing_less_or_more(kind):
    good = MESSAGES[kind]
    assert parse_message(text(kind, good)) == {"type": kind, **good}
    assert len(text(kind, good)) < MAX_MESSAGE_BYTES
    for others in ({**good, "figure_id": 1}, *({name: good[name] for name in good if name != left} for left in good)):
        with pytest.raises(ValueError, match="not its properties"):
            parse_message(text(kind, others))


@pytest.mark.parametrize(("kind", "name", "value"), CHANGES)
def test_no_value_is_of_another_kind_or_out_of_bounds(kind, name, value):
    with pytest.raises(ValueError, match=f"{kind}: {name} is out of bounds"):
        parse_message(text(kind, MESSAGES[kind] | {name: value}))


@pytest.mark.parametrize("message", [
    "", "no JSON", "[1, 2]", "null", "7", "{}", '{"type": null}', '{"type": ["ack"]}', '{"type": "toolbar_button"}',
    '{"type": "handle_ack"}', "[" * 1000, '{"type": ' * 150 + "1" + "}" * 150, b"\xff\x00", '"\\ud800"'])
def test_what_is_no_message_is_refused(message):
    with pytest.raises(ValueError, match="no message of this window"):
        parse_message(message)


@pytest.mark.parametrize(
    ("width", "height", "ratio", "fits"),
    [
        (20_000, 20_000, 1, False),
        (20_000, 3200, 0.25, True),
        (*MAX_WINDOW_SIZE, MAX_PIXEL_RATIO, True),
        (2 * MAX_WINDOW_SIZE[0], 2 * MAX_WINDOW_SIZE[1], 1, True),
        (MAX_WINDOW_SIZE[0] + 1, 800, 2, False),
        (1000, MAX_WINDOW_SIZE[1] + 1, 2, False),
        (5120, 3200, 1.01, False),
        (3840, 2160, 1, True),
    ],
)
def test_a_window_has_so_many_pixels_at_most(width, height, ratio, fits):
    message = text("resize", {"width": width, "height": height, "ratio": ratio})
    if fits:
        assert parse_message(message)["width"] == width
    else:
        with pytest.raises(ValueError, match="too many pixels"):
            parse_message(message)
