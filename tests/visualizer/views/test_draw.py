"""The draw view: a hand draws through the canvas, and everything shown is what the preparation and the network say."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backend_bases import MouseEvent
from PIL import Image

from neuralscope.images.preprocessing import STEPS, as_digit, preprocess
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.views.draw.preprocessing_strip import centre_of_mass_runs
from tests.helpers.views import SIZES, check_layout, resize

SEVEN = [(0.2, 0.2), (0.5, 0.19), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85)]
ONE = [(0.5, 0.1), (0.5, 0.9)]


@pytest.fixture
def draw(open_window, press, drag):
    """Return a function that opens the view and draws strokes, given as shares of the pad from its upper left."""
    def draw(*strokes, **options):
        window = open_window(**options)
        press(window, "d")
        for stroke in strokes:
            drag(window, on_pad(window, stroke))
        return window

    return draw


def on_pad(window, points):
    left, bottom, side, _ = window.view.pad.picture.bounds()
    return [(left + x * side, bottom + (1 - y) * side) for x, y in points]


def ink(window):
    return window.session.user_digit.picture


def middle(bounds):
    left, bottom, width, height = bounds
    return left + width / 2, bottom + height / 2


def test_what_is_drawn_is_what_the_network_reads(draw):
    window = draw(SEVEN)
    session = window.session
    digit = as_digit(ink(window))
    assert digit.max() == 1
    assert (session.trace.images == digit).all()
    assert int(session.trace.predictions[0]) == 7
    assert window.headline.verdict.text.startswith("reads 7 ")
    assert window.headline.subject.text == "your drawing"
    probabilities = np.sort(session.network.forward(digit[np.newaxis]).outputs[0])[::-1]
    assert [line.text for line in window.view.outputs.values] == list(
        map(window.view.outputs.output_text.write, probabilities)
    )
    assert window.view.outputs.labels[0].text == "7"


def test_all_follows_while_the_button_is_down(draw, drag):
    window = draw()
    seen = []
    for count in range(2, len(SEVEN) + 1):
        drag(window, on_pad(window, SEVEN[:count]), release=False)
        seen.append(
            (
                window.session.trace.images.tobytes(),
                window.view.preprocessing_strip.steps[-1].picture.cells.tobytes(),
                window.view.hidden.sheets[0].picture.cells.tobytes(),
                window.view.outputs.scores[0].text,
                window.view.pad.picture.cells.tobytes(),
            )
        )
        window.mouse.end_drag()
        window.view.clear()
    for one, other in pairwise(seen):
        assert all(before != after for before, after in zip(one, other, strict=True))


@pytest.mark.parametrize("theme", THEMES)
def test_the_filmstrip_shows_what_the_preparation_did(draw, theme):
    window = draw(SEVEN, theme=theme)
    prepared = preprocess(ink(window))
    for step, stage in zip(window.view.preprocessing_strip.steps, prepared.stages, strict=True):
        assert step.step == stage.name
        assert step.values is stage.picture or (step.values == stage.picture).all()
    cells = window.view.preprocessing_strip.steps[-1].picture.cells
    pixels = np.rint(prepared.digit.reshape(28, 28) * 255).astype(np.uint8)
    enlarged = np.asarray(Image.fromarray(pixels).resize(cells.shape[:2], Image.Resampling.NEAREST))
    assert (cells == THEMES[theme].ink[enlarged]).all()
    left, top, right, bottom = prepared.box
    assert window.view.preprocessing_strip.steps[3].caption.text.startswith(f"{right - left} × {bottom - top}")
    assert window.view.preprocessing_strip.steps[4].caption.text.startswith(
        "{1:.3g} × {0:.3g}".format(*prepared.size))


def test_frame_and_cross_stand_around_the_ink_and_on_its_centre_of_mass(draw):
    window = draw(SEVEN)
    pad, picture = window.view.pad, ink(window)
    rows, columns = np.nonzero(picture)
    ends = (columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1)
    corners = on_pad(window, [(x / 280, y / 280) for x, y in ends])
    upper, _, left, right = (block.bounds for block in pad.frame)
    assert np.allclose([left[0], upper[1], right[0]], [corners[0][0], corners[0][1], corners[1][0]], atol=3)
    weight = picture / picture.sum()
    grid = (np.arange(280) + 0.5) / 280
    x, y = on_pad(window, [(weight.sum(axis=0) @ grid, weight.sum(axis=1) @ grid)])[0]
    assert np.allclose(middle(pad.cross[-1].bounds), (x, y), atol=2)


@pytest.mark.parametrize(("stroke", "words"), [(SEVEN, "left, "), ([(0.2, 0.8), (0.8, 0.8), (0.8, 0.2)], "left, ")])
def test_the_centre_of_mass_is_told_and_where_it_makes_the_digit_move(draw, stroke, words):
    window = draw(stroke)
    prepared = window.session.user_digit.preprocessed
    row, column = prepared.mass
    assert f"row {row:.2f} column {column:.2f} the middle is 14.00 so it moves " in window.readout.line.text
    down, right = prepared.shift
    assert (down, right) == pytest.approx((14 - row, 14 - column))
    assert window.readout.line.text.endswith(
        f"{abs(right):.1f} {'right' if right > 0 else 'left'}, {abs(down):.1f} {'down' if down > 0 else 'up'}")
    caption = window.view.preprocessing_strip.steps[5].caption.text
    assert f"{abs(right):.1f}" in caption
    assert f"{abs(down):.1f}" in caption
    window.session.user_digit.toggle_step("centre")
    window.refresh()
    assert "centring is off: it stays" in window.readout.line.text
    window.session.user_digit.toggle_step("centre")
    window.session.user_digit.toggle_step("scale")  # it fills the frame: no room
    window.refresh()
    assert "as far as there is room" in window.readout.line.text


def test_a_digit_in_its_place_stays(open_window, press):
    picture = np.zeros((40, 40), np.uint8)
    picture[10:30, 10:30] = 255  # keeps its 20 x 20 pixels, and its middle is half a pixel before 14
    picture[14:26, 14:26] = 0
    window = open_window()
    window.session.open(picture, "square.png", STEPS)
    press(window, "d")
    assert window.session.user_digit.preprocessed.shift == (0, 0)
    assert window.readout.line.text.endswith("so it stays")


def test_a_digit_half_a_pixel_off_has_not_run_out_of_room():
    panel = SimpleNamespace(run=lambda text, **_: text)
    prepared = SimpleNamespace(mass=(13.499997, 14.0), shift=(0, 0))  # half a pixel, but for rounding
    assert centre_of_mass_runs(panel, SimpleNamespace(preprocessed=prepared, steps=STEPS))[-1] == "so it stays"


def test_the_knob_of_a_switch_is_at_its_side(draw):
    window = draw(SEVEN)
    window.session.user_digit.toggle_step("box")
    window.refresh()
    for step in window.view.preprocessing_strip.steps:
        left, _, width, _ = step.track.bounds
        on = middle(step.knob.bounds)[0] > left + width / 2
        assert on == (step.step != "box")
        assert step.state.text == ("on" if on else "off")


def test_a_promise_of_another_answer_is_bold(draw):
    window = draw([(0.1, 0.1), (0.3, 0.1)], [(0.2, 0.1), (0.2, 0.4)])
    answer = window.headline.verdict.text.split()[1]
    kinds = set()
    for step in window.view.preprocessing_strip.steps:
        name = step.without.runs()[1]
        assert name.bold == (name.text != answer)
        kinds.add(name.bold)
    assert kinds == {True, False}


def test_promises_follow_the_pen(draw, drag):
    window = draw()
    drag(window, on_pad(window, SEVEN), release=False)
    for step in window.view.preprocessing_strip.steps:
        steps = tuple(one for one in STEPS if one != step.step)
        found = window.session.network.forward(as_digit(ink(window), steps)[np.newaxis])
        answer = int(found.predictions[0])
        assert step.without.text == f"off: {answer} {window.view.outputs.output_text.write(found.outputs[0, answer])}"


def test_a_click_on_a_ranked_guess_asks_about_its_class(draw, mouse):
    window = draw(SEVEN)
    outputs = window.view.outputs
    for row in (1, 4, 9):
        left, _, width, _ = outputs.box
        x, y = left + width / 2, outputs.middle(row)
        mouse(window, x, y)
        assert window.readout.line.text.startswith(f"output {outputs.labels[row].text} ")
        mouse(window, x, y, click=True)
        assert outputs.class_names[window.session.selected_class] == outputs.labels[row].text
        assert abs(outputs.selected_mark.y - outputs.labels[row].y) < 1


def test_of_several_layers_the_chosen_one_is_shown(draw, press):
    from neuralscope.network.model import Network
    from neuralscope.network.storage import SavedNetwork

    network = Network.random((784, 30, 20, 10), rng=np.random.default_rng(0))
    window = draw(SEVEN, model=SavedNetwork(None, network, {}, {}, {}))
    for key, layer in (("[", 0), ("]", 1)):
        press(window, key)
        assert [sheet.picture.get_visible() for sheet in window.view.hidden.sheets] == [layer == 0, layer == 1]
    assert window.view.hidden.sheets[1].key.bar.get_visible()
    assert not window.view.hidden.sheets[0].title.get_visible()


@pytest.mark.parametrize("step", STEPS)
def test_a_switch_says_what_would_be_read_and_then_it_is(draw, mouse, step):
    window = draw([(0.1, 0.1), (0.3, 0.1)], [(0.2, 0.1), (0.2, 0.4)])
    shown = window.view.preprocessing_strip.steps[STEPS.index(step)]
    promised = shown.without.text.removeprefix("off: ")
    mouse(window, *middle(shown.picture.bounds()), click=True)
    steps = tuple(one for one in STEPS if one != step)
    assert window.session.user_digit.steps == steps
    assert (window.session.trace.images == as_digit(ink(window), steps)).all()
    answer = window.session.network.forward(as_digit(ink(window), steps)[np.newaxis])
    read = int(answer.predictions[0])
    assert promised == f"{read} {window.view.outputs.output_text.write(answer.outputs[0, read])}"
    assert shown.state.text == "off"
    assert shown.without.text.startswith("on: ")
    mouse(window, *middle(shown.picture.bounds()), click=True)
    assert window.session.user_digit.steps == STEPS


def test_switches_by_keyboard(draw, press):
    window = draw(SEVEN)
    while not window.view.focus or window.view.focus.panel is not window.view.preprocessing_strip:
        press(window, "tab")
    for step in STEPS:
        press(window, "enter")
        assert step not in window.session.user_digit.steps
        press(window, "enter", "right")
    assert window.session.user_digit.steps == STEPS
    assert "those of a thin pen become wider" in window.readout.line.text


def test_the_right_button_erases_and_so_does_the_pen_when_asked(draw, drag, press):
    window = draw(ONE)
    before = ink(window).copy()
    drag(window, on_pad(window, [(0.4, 0.5), (0.6, 0.5)]), button=3)
    erased = ink(window).copy()
    assert erased.sum() < before.sum()
    press(window, "z")
    assert (ink(window) == before).all()
    press(window, "i")
    drag(window, on_pad(window, [(0.4, 0.5), (0.6, 0.5)]))
    assert (ink(window) == erased).all()
    assert window.view.pad.title.text == "erasing"
    drag(window, on_pad(window, [(0.4, 0.5), (0.6, 0.5)]), button=3)  # the other way round
    assert ink(window).sum() > erased.sum()
    press(window, "i")
    assert window.view.pad.title.text == "draw here"


def test_undo_redo_and_clear(draw, press):
    window = draw(ONE, SEVEN)
    both = ink(window).copy()
    press(window, "z")
    one = ink(window).copy()
    assert 0 < one.sum() < both.sum()
    press(window, "Z")
    assert (ink(window) == both).all()
    press(window, "delete")
    assert not ink(window).any()
    assert window.headline.verdict.text.startswith("draw a digit")
    assert "z brings back" in window.readout.line.text
    press(window, "z")
    assert (ink(window) == both).all()
    press(window, "backspace", "z")
    assert not ink(window).any()
    press(window, "z")
    assert window.readout.line.text == "there is no stroke to take back"
    press(window, "Z", "Z")
    assert (ink(window) == both).all()
    press(window, "Z", "Z")  # the first wipes the pad again
    assert not ink(window).any()
    assert window.readout.line.text == "nothing was taken back"


def test_the_hand_may_leave_the_pad_and_come_back(draw, drag):
    window = draw()
    drag(window, on_pad(window, [(0.8, 0.5), (1.5, 0.5), (3, -2), (0.5, 1.4), (0.5, 0.8)]))
    assert (ink(window)[120:160, 275] == 255).any()
    assert (ink(window)[215:235, 140] == 255).any()
    assert not window.session.user_digit.strokes.drawing
    assert len(window.session.user_digit.strokes) == 1


def test_leaving_the_window_in_mid_stroke_and_coming_back_draws_on(draw, drag):
    window = draw()
    drag(window, on_pad(window, [(0.2, 0.2), (0.5, 0.2)]), release=False)
    MouseEvent("figure_leave_event", window.figure.canvas, -5, -5)._process()
    drag(window, on_pad(window, [(0.5, 0.2), (0.8, 0.8)]))  # the release was told to another window
    assert len(window.session.user_digit.strokes) == 2
    assert not window.session.user_digit.strokes.drawing


def test_a_second_button_in_mid_stroke_changes_nothing(draw, drag):
    window = draw()
    canvas = window.figure.canvas
    start, end, other = on_pad(window, [(0.2, 0.2), (0.8, 0.8), (0.2, 0.8)])
    drag(window, [start, end], release=False)
    MouseEvent("button_press_event", canvas, *other, button=3)._process()
    MouseEvent("button_release_event", canvas, *other, button=3)._process()
    assert window.session.user_digit.strokes.drawing
    assert not window.session.user_digit.erases
    MouseEvent("motion_notify_event", canvas, *other)._process()
    MouseEvent("button_release_event", canvas, *other, button=1)._process()
    assert len(window.session.user_digit.strokes) == 1
    assert ink(window)[224, 56] == 255


def test_a_resize_in_mid_stroke_moves_the_pad_under_the_hand(draw, drag):
    window = draw()
    drag(window, on_pad(window, [(0.2, 0.2), (0.2, 0.5)]), release=False)
    resize(window, 1920, 1080)
    x, y = on_pad(window, [(0.8, 0.5)])[0]
    MouseEvent("motion_notify_event", window.figure.canvas, x, y)._process()
    MouseEvent("button_release_event", window.figure.canvas, x, y, button=1)._process()
    rows, columns = np.nonzero(ink(window) > 128)
    assert abs(columns.max() - 0.8 * 280) < 0.05 * 280
    assert abs(rows.max() - 0.5 * 280) < 0.12 * 280
    assert len(window.session.user_digit.strokes) == 1


@pytest.mark.parametrize("key", ["z", "w", "delete", "escape", "enter", "k"])
def test_a_key_in_mid_stroke_ends_it(draw, drag, press, key):
    window = draw(ONE)
    drag(window, on_pad(window, SEVEN), release=False)
    press(window, key)
    assert not window.session.user_digit.strokes.drawing
    x, y = on_pad(window, [(0.9, 0.9)])[0] if window.view.title == "draw" else (300, 300)
    before = ink(window).copy()
    MouseEvent("motion_notify_event", window.figure.canvas, x, y)._process()
    assert (ink(window) == before).all()


def test_a_thousand_strokes_can_be_taken_back(draw):
    window = draw()
    rng, user_digit = np.random.default_rng(0), window.session.user_digit
    for count in range(1000):
        user_digit.begin(*rng.random(2), erases=count > 0 and rng.random() < 0.3)
        user_digit.move(*rng.random(2))
        user_digit.end()
    assert len(user_digit.strokes) == 1000
    while user_digit.undo():
        pass
    assert not ink(window).any()


@pytest.mark.parametrize("key", ["w", "n", "h", "e"])
def test_the_other_views_work_on_the_drawing(draw, press, key):
    window = draw(SEVEN)
    digit = window.session.trace.images.copy()
    press(window, key)
    assert window.session.is_user_digit
    assert (window.session.trace.images == digit).all()
    assert "right" not in window.headline.verdict.text
    assert "wrong" not in window.headline.verdict.text
    if key != "n":
        assert window.headline.subject.text == "your drawing"
        assert "then " in window.headline.verdict.text
    press(window, "4", "x", "a", "c", "m", key, "d")
    assert window.view.title == "draw"
    assert (window.session.trace.images == digit).all()


def test_the_truth_is_marked_nowhere(draw, press):
    window = draw(SEVEN)
    assert window.view.outputs.truth.text == ""
    press(window, "e")
    assert window.view.outputs.truth.text == ""
    press(window, "enter")
    assert window.view.outputs.truth.text != ""


@pytest.mark.parametrize("keys", [["enter"], ["f"], ["left"], ["right"], ["g", "5", "enter"]])
def test_a_test_digit_leads_out_of_the_view_and_d_back_to_the_drawing(draw, press, keys):
    window = draw(SEVEN)
    digit = window.session.trace.images.copy()
    press(window, *keys)
    assert window.view.title == "explore"
    assert window.session.index is not None
    press(window, "d")
    assert (window.session.trace.images == digit).all()
    press(window, "enter", "left")
    assert window.session.is_user_digit  # it is one of the digits seen
    assert window.view.title == "explore"


@pytest.mark.parametrize("emptied", [[], ["z"], ["delete"]])
def test_an_empty_pad_is_no_digit(draw, press, emptied):
    window = draw(*([SEVEN] if emptied else []))
    press(window, *emptied)
    assert "empty paper" in window.readout.line.text or emptied
    press(window, "w")
    assert window.session.index == 7
    assert "right" in window.headline.verdict.text or "wrong" in window.headline.verdict.text
    press(window, "left", "left")
    assert window.session.index == 7


def test_by_keyboard_the_cursor_is_the_pen(draw, press):
    window = draw()
    press(window, "tab", *["up"] * 8, "enter", *["down"] * 16, "enter", *["right"] * 5)
    assert window.view.focus.panel is window.view.pad
    rows, columns = np.nonzero(ink(window) > 128)
    assert abs(rows.min() - 60) < 15
    assert abs(rows.max() - 225) < 15
    assert columns.max() - columns.min() < 30
    assert int(window.session.trace.predictions[0]) == 1
    assert "Enter puts it down" in window.readout.line.text


def test_sliders_by_mouse_and_by_keys(draw, drag, press):
    window = draw()
    user_digit, slider = window.session.user_digit, window.view.width
    y = slider.middle
    drag(window, [(slider.start + 1, y), (slider.start + slider.length + 80, y)])
    assert user_digit.width == slider.ends[1]
    assert slider.value_line.text == "16 %"
    drag(window, [(slider.start - 5, y)])
    assert user_digit.width == slider.ends[0]
    press(window, ".", ".")
    assert slider.ends[0] < user_digit.width < slider.ends[1]
    press(window, *[","] * 5)
    assert user_digit.width == slider.ends[0]
    before = user_digit.smoothing
    press(window, ">")
    assert user_digit.smoothing > before
    press(window, *["<"] * 30)
    assert user_digit.smoothing == 0
    assert not ink(window).any()
    drag(window, on_pad(window, ONE))
    thin = ink(window).copy()
    press(window, "z", *["."] * 40)
    drag(window, on_pad(window, ONE))
    assert ink(window).sum() > 4 * thin.sum()


def test_a_width_holds_for_the_strokes_to_come_only(draw, press):
    window = draw(ONE)
    before = ink(window).copy()
    press(window, ".", ".", ">")
    assert (ink(window) == before).all()


def test_keeping_asks_what_it_is(draw, press, tmp_path, monkeypatch):
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    window = draw(SEVEN)
    press(window, "k")
    assert "keep it as which digit?" in window.readout.line.text
    press(window, "escape")
    assert not list(tmp_path.iterdir())
    press(window, "k", "4")
    (kept,) = (tmp_path / "my-digits" / "4").iterdir()
    assert str(kept.relative_to(tmp_path)) in window.readout.line.text.replace("\\", "/")
    assert (np.asarray(Image.open(kept)) == ink(window)).all()
    press(window, "k", "enter")
    assert len(list((tmp_path / "my-digits" / "7").iterdir())) == 1
    press(window, "delete", "k")
    assert window.readout.line.text == "there is nothing on the pad that could be kept"


def test_a_folder_that_cannot_be_written_is_told(draw, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-digits").write_text("a file stands where the folder would be")
    window = draw(SEVEN)
    press(window, "k", "7")
    assert window.readout.line.text.startswith("not kept: ")


def photo():
    """Return a grey photograph of a seven: dark ink on paper that is lighter at the left."""
    rows, columns = np.mgrid[:120, :90]
    paper = 210 - 0.4 * columns
    ink = ((abs(rows - 20) < 5) & (columns > 15) & (columns < 70)) | (
        (abs(columns - (70 - (rows - 20) / 3)) < 5) & (rows > 15) & (rows < 105))
    return np.where(ink, 60, paper).astype(np.uint8)


@pytest.mark.parametrize("theme", THEMES)
def test_a_picture_is_shown_as_it_is_and_read_as_it_is_prepared(open_window, press, theme):
    window = open_window(theme=theme)
    window.session.open(photo(), "seven.png", STEPS)
    press(window, "d")
    assert window.headline.subject.text == "seven.png"
    assert (window.session.trace.images == as_digit(photo())).all()
    assert int(window.session.trace.predictions[0]) == 7
    cells = window.view.pad.picture.cells
    side = len(cells)
    assert cells[side // 2, side // 3, :3].mean() > cells[round(20 / 120 * side), side // 2, :3].mean()  # paper, ink
    assert (cells[0, 0] == THEMES[theme].ink[0]).all()  # beside the picture
    press(window, "w", "d")
    assert window.headline.subject.text == "seven.png"


def test_the_frame_stands_around_the_ink_of_a_picture_of_any_shape(open_window, press):
    for picture in (photo(), photo().T, photo().repeat(20, axis=0).repeat(20, axis=1)):
        window = open_window()
        window.session.open(np.ascontiguousarray(picture), "seven.png", STEPS)
        press(window, "d")
        left, bottom, side, _ = window.view.pad.picture.bounds()
        rows, columns = np.nonzero(picture == 60)
        scale = side / max(picture.shape)
        margin = (side - min(picture.shape) * scale) / 2
        across, down = (0, margin) if picture.shape[1] > picture.shape[0] else (margin, 0)
        lower, upper = (window.view.pad.frame[place].bounds[1] for place in (1, 0))
        wanted = bottom + side - down - np.array([rows.max() + 1, rows.min()]) * scale
        assert np.allclose([lower, upper], wanted, atol=0.02 * side)
        sides = [window.view.pad.frame[place].bounds[0] for place in (2, 3)]
        wanted = left + across + np.array([columns.min(), columns.max() + 1]) * scale
        assert np.allclose(sides, wanted, atol=0.02 * side)


def test_a_picture_of_28_by_28_is_read_as_it_is_and_a_drawing_after_it_is_prepared(open_window, press, drag, embedded):
    image = embedded.test.images[3]
    window = open_window()
    window.session.open(image.reshape(28, 28), "three.png", ())
    press(window, "d")
    assert np.allclose(window.session.trace.images, image)
    assert {step.state.text for step in window.view.preprocessing_strip.steps} == {"off"}
    drag(window, on_pad(window, ONE))
    assert window.session.user_digit.steps == STEPS
    assert (window.session.trace.images == as_digit(ink(window))).all()
    press(window, "z", "z")
    assert window.session.user_digit.steps == ()
    assert np.allclose(window.session.trace.images, image)


def test_steps_that_leave_no_ink_are_told(open_window, press):
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[5:35, 18:22, 3] = 255  # black on nothing: in the first channel alone there is no ink
    window = open_window()
    window.session.open(picture, "one.png", STEPS)
    press(window, "d")
    assert window.view.preprocessing_strip.steps[0].without.text == "off: none"
    window.session.user_digit.toggle_step("grey")
    window.refresh()
    assert window.headline.verdict.text.startswith("no ink")
    press(window, "w", "d")
    assert window.session.is_user_digit


@pytest.mark.parametrize("button", [1, 3])
def test_the_eraser_leaves_a_picture_alone(open_window, press, drag, button):
    window = open_window()
    window.session.open(photo(), "seven.png", STEPS)
    press(window, "d", *(["i"] if button == 1 else []))
    drag(window, on_pad(window, ONE), button=button)
    assert window.headline.subject.text == "seven.png"
    assert not window.session.user_digit.undo()


def test_the_pen_is_lifted_where_the_cursor_leaves_the_pad(draw, press):
    window = draw()
    press(window, "tab", "enter", "right", "right")
    assert window.session.user_digit.strokes.drawing
    press(window, "tab")
    assert not window.session.user_digit.strokes.drawing
    press(window, "shift+tab", "enter", "down")
    press(window, "escape")
    assert not window.session.user_digit.strokes.drawing


def test_a_picture_opened_over_another_is_what_is_shown(open_window, press):
    window = open_window()
    window.session.open(photo(), "seven.png", STEPS)
    press(window, "d", "3")
    window.session.open(photo()[::-1].copy(), "upside down.png", STEPS)
    window.refresh()
    assert (window.session.trace.images == as_digit(photo()[::-1])).all()
    assert window.session.selected_class == int(window.session.trace.predictions[0])


def test_going_back_and_forth_through_digits_of_which_one_is_drawn(draw, press):
    window = draw(SEVEN)
    press(window, "enter", "enter")
    seen = list(window.session.digit_history.visited)
    assert seen[:2] == [7, None]
    press(window, "left", "left")
    assert window.session.is_user_digit
    assert window.session.digit_history.last_index == 7
    press(window, "d", "delete", "e")
    assert window.session.index == 7
    assert window.session.digit_history.visited == [7, *seen[2:]]
    press(window, "right")
    assert window.session.index == seen[2]


def test_refreshing_a_drawing_prepares_nothing_anew(draw, press, monkeypatch):
    from neuralscope import images

    window = draw(SEVEN)
    traced = []
    monkeypatch.setattr(images, "preprocess", lambda *arguments: traced.append(arguments))
    press(window, "5", "tab", "tab", ".", "<")
    window.place()
    assert not traced


def test_a_stroke_puts_the_picture_away_and_undo_brings_it_back(open_window, press, drag):
    window = open_window()
    window.session.open(photo(), "seven.png", STEPS)
    press(window, "d")
    digit = window.session.trace.images.copy()
    drag(window, on_pad(window, ONE))
    assert window.headline.subject.text == "your drawing"
    assert int(window.session.trace.predictions[0]) == 1
    press(window, "z", "z")
    assert window.headline.subject.text == "seven.png"
    assert (window.session.trace.images == digit).all()
    press(window, "delete")
    assert window.session.user_digit.empty
    press(window, "z")
    assert (window.session.trace.images == digit).all()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_nothing_overlaps_around_a_drawing(draw, press, size, shipped):
    window = draw(SEVEN, size=size)
    check_layout(window, size)
    for step in STEPS:
        window.session.user_digit.toggle_step(step)
        window.refresh()
        check_layout(window, size)
    window.session.open(photo(), "a picture with a rather long name that somebody gave it.png", STEPS)
    window.refresh()
    check_layout(window, size)
    press(window, "i")
    check_layout(window, size)


def test_weights_that_want_digits_deskewed_get_them(draw, shipped):
    from dataclasses import replace

    from neuralscope.images.deskew import deskew_digits

    model = replace(shipped, metadata=shipped.metadata | {"preparation": "deskew"})
    window = draw([(0.7, 0.1), (0.3, 0.9)], model=model)
    digit = as_digit(ink(window))[np.newaxis]
    assert (window.session.trace.images == deskew_digits(digit)).all()
    assert not np.allclose(digit, deskew_digits(digit), atol=0.1)


def test_the_pictures_name_says_that_it_is_ones_own(draw, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    press(draw(SEVEN), "s")
    assert [path.name for path in tmp_path.iterdir()] == ["neuralscope-own-draw.png"]


# More than one digit

ELEVEN = [(0.3, 0.2), (0.3, 0.8)], [(0.7, 0.2), (0.7, 0.8)]


def test_two_digits_are_told_and_each_is_read_by_itself_in_turn(draw, press):
    window = draw(*ELEVEN)
    as_one = int(window.session.trace.predictions[0])
    assert window.headline.verdict.text.startswith(f"looks like 2 digits: 11 as one it reads {as_one} ")
    assert "u each by itself" in window.headline.verdict.text
    left, _, right, _ = window.session.user_digit.preprocessed.box
    for number, words in ((1, "u the next"), (2, "u all again")):
        press(window, "u")
        assert window.headline.verdict.text.startswith("reads 1 ")
        assert f"digit {number} of 2 in 11 {words}" in window.headline.verdict.text
        one_left, _, one_right, _ = window.session.user_digit.preprocessed.box
        assert one_right - one_left < 0.3 * (right - left)
        assert (one_left - left < 3) == (number == 1)
        x = window.view.pad.frame[2].bounds[0]
        assert abs(x - on_pad(window, [(one_left / 280, 0)])[0][0]) < 3
    press(window, "u")
    assert window.session.user_digit.part is None
    assert "looks like 2 digits" in window.headline.verdict.text


def test_a_click_on_the_headline_reads_the_digits_too(draw, mouse, drag):
    window = draw(*ELEVEN)
    mouse(window, *middle(window.headline.verdict.bounds()), click=True)
    assert "digit 1 of 2" in window.headline.verdict.text
    drag(window, on_pad(window, [(0.5, 0.9), (0.55, 0.9)]))  # another picture: all of it
    assert window.session.user_digit.part is None


def test_one_digit_is_not_offered_to_be_parted(draw, press, mouse):
    window = draw(SEVEN)
    before = window.headline.verdict.text
    assert "looks like" not in before
    mouse(window, *middle(window.headline.verdict.bounds()), click=True)
    assert window.headline.verdict.text == before
    press(window, "u")
    assert "it looks like one digit" in window.readout.line.text
    assert window.session.user_digit.part is None


def test_digits_of_an_opened_picture_are_read_by_themselves(open_window, press):
    picture = np.full((560, 400), 240, np.uint8)
    picture[100:400, 100:130] = picture[100:400, 240:270] = 30
    window = open_window()
    window.session.open(picture, "eleven.png", STEPS)
    press(window, "d")
    assert "looks like 2 digits: 11" in window.headline.verdict.text
    press(window, "u", "u")
    assert "digit 2 of 2" in window.headline.verdict.text
    left, _, right, _ = window.session.user_digit.preprocessed.box
    assert abs(left - 240) <= 3
    assert abs(right - 270) <= 3
    press(window, "d", "w")  # a digit like any other
    assert "reads 1" in window.headline.verdict.text


def test_a_dot_is_too_little_ink(draw, press):
    window = draw([(0.5, 0.5), (0.5, 0.505)])
    assert window.headline.verdict.text.startswith("too little ink for a digit: it is a dot")
    assert window.session.user_digit.preprocessed is None


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_nothing_overlaps_around_two_digits(draw, press, size):
    window = draw(*ELEVEN, size=size)
    check_layout(window, size)
    for _ in range(2):
        press(window, "u")
        check_layout(window, size)
