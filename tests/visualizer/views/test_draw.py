"""The draw view: a hand draws through the canvas, and everything shown is what the preparation and the network say."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backend_bases import MouseEvent

from neuralscope.images.preprocess import STEPS, as_digit, trace
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.views.draw.preprocessing_strip import mass_runs
from tests.visualizer.views.test_overlaps import SIZES, check

SEVEN = [(0.2, 0.2), (0.5, 0.19), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85)]
ONE = [(0.5, 0.1), (0.5, 0.9)]


@pytest.fixture
def draw(open_scope, press, drag):
    """Return a function that opens the view and draws strokes, given as shares of the pad from its upper left."""
    def draw(*strokes, **options):
        scope = open_scope(**options)
        press(scope, "d")
        for stroke in strokes:
            drag(scope, on_pad(scope, stroke))
        return scope

    return draw


def on_pad(scope, points):
    left, bottom, side, _ = scope.view.pad.picture.bounds()
    return [(left + x * side, bottom + (1 - y) * side) for x, y in points]


def ink(scope):
    return scope.session.sketch.picture


def middle(bounds):
    left, bottom, width, height = bounds
    return left + width / 2, bottom + height / 2


def test_what_is_drawn_is_what_the_network_reads(draw):
    scope = draw(SEVEN)
    session = scope.session
    digit = as_digit(ink(scope))
    assert digit.max() == 1
    assert (session.trace.images == digit).all()
    assert int(session.trace.predictions[0]) == 7
    assert scope.headline.verdict.text.startswith("reads 7 ")
    assert scope.headline.which.text == "your drawing"
    probabilities = np.sort(session.network.forward(digit[np.newaxis]).outputs[0])[::-1]
    assert [line.text for line in scope.view.outputs.values] == list(map(scope.view.outputs.words.write, probabilities))
    assert scope.view.outputs.labels[0].text == "7"


def test_all_follows_while_the_button_is_down(draw, drag):
    scope = draw()
    seen = []
    for count in range(2, len(SEVEN) + 1):
        drag(scope, on_pad(scope, SEVEN[:count]), release=False)
        seen.append((scope.session.trace.images.tobytes(), scope.view.film.steps[-1].picture.cells.tobytes(),
                     scope.view.hidden.sheets[0].picture.cells.tobytes(), scope.view.outputs.scores[0].text,
                     scope.view.pad.picture.cells.tobytes()))
        scope.mouse.let_go()
        scope.view.clear()
    for one, other in pairwise(seen):
        assert all(before != after for before, after in zip(one, other, strict=True))


@pytest.mark.parametrize("theme", THEMES)
def test_the_filmstrip_shows_what_the_preparation_did(draw, theme):
    scope = draw(SEVEN, theme=theme)
    prepared = trace(ink(scope))
    for step, stage in zip(scope.view.film.steps, prepared.stages, strict=True):
        assert step.step == stage.name
        assert step.values is stage.picture or (step.values == stage.picture).all()
    cells = scope.view.film.steps[-1].picture.cells
    pixels = np.rint(prepared.digit.reshape(28, 28) * 255).astype(int)
    assert (cells == THEMES[theme].ink[pixels].repeat(4, axis=0).repeat(4, axis=1)).all()
    left, top, right, bottom = prepared.box
    assert scope.view.film.steps[3].caption.text.startswith(f"{right - left} × {bottom - top}")
    assert scope.view.film.steps[4].caption.text.startswith(f"{prepared.size[1]} × {prepared.size[0]}")


def test_frame_and_cross_stand_around_the_ink_and_on_its_centre_of_mass(draw):
    scope = draw(SEVEN)
    pad, picture = scope.view.pad, ink(scope)
    rows, columns = np.nonzero(picture)
    ends = (columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1)
    corners = on_pad(scope, [(x / 280, y / 280) for x, y in ends])
    upper, _, left, right = (block.bounds for block in pad.frame)
    assert np.allclose([left[0], upper[1], right[0]], [corners[0][0], corners[0][1], corners[1][0]], atol=3)
    weight = picture / picture.sum()
    grid = (np.arange(280) + 0.5) / 280
    x, y = on_pad(scope, [(weight.sum(axis=0) @ grid, weight.sum(axis=1) @ grid)])[0]
    assert np.allclose(middle(pad.cross[-1].bounds), (x, y), atol=2)


@pytest.mark.parametrize(("stroke", "words"), [(SEVEN, "left, "), ([(0.2, 0.8), (0.8, 0.8), (0.8, 0.2)], "left, ")])
def test_the_centre_of_mass_is_told_and_where_it_makes_the_digit_move(draw, stroke, words):
    scope = draw(stroke)
    prepared = scope.session.sketch.preparation
    row, column = prepared.mass
    assert f"row {row:.2f} column {column:.2f} the middle is 14.00 so it moves " in scope.readout.line.text
    down, right = prepared.shift
    assert (down, right) == (round(14 - row), round(14 - column))
    told = scope.view.film.steps[5].caption.text
    assert told in scope.readout.line.text
    assert f"{abs(right)} {'right' if right > 0 else 'left'}" in told
    assert f"{abs(down)} {'down' if down > 0 else 'up'}" in told
    scope.session.sketch.switch("centre")
    scope.session.redrawn()
    scope.refresh()
    assert "centring is off: it stays" in scope.readout.line.text
    scope.session.sketch.switch("centre")
    scope.session.sketch.switch("scale")  # it fills the frame: no room
    scope.session.redrawn()
    scope.refresh()
    assert "as far as there is room" in scope.readout.line.text


def test_a_digit_in_its_place_stays(open_scope, press):
    picture = np.zeros((61, 61), np.uint8)
    picture[10:51, 10:51] = 255  # 20 x 20, and its middle is half a pixel before 14
    scope = open_scope()
    scope.session.open(picture, "square.png", STEPS)
    press(scope, "d")
    assert scope.session.sketch.preparation.shift == (0, 0)
    assert scope.readout.line.text.endswith("so it stays")


def test_a_digit_half_a_pixel_off_has_not_run_out_of_room():
    panel = SimpleNamespace(run=lambda text, **_: text)
    prepared = SimpleNamespace(mass=(13.499997, 14.0), shift=(0, 0))  # half a pixel, but for rounding
    assert mass_runs(panel, SimpleNamespace(preparation=prepared, steps=STEPS))[-1] == "so it stays"


def test_the_knob_of_a_switch_is_at_its_side(draw):
    scope = draw(SEVEN)
    scope.session.sketch.switch("box")
    scope.session.redrawn()
    scope.refresh()
    for step in scope.view.film.steps:
        left, _, width, _ = step.track.bounds
        on = middle(step.knob.bounds)[0] > left + width / 2
        assert on == (step.step != "box")
        assert step.state.text == ("on" if on else "off")


def test_a_promise_of_another_answer_is_bold(draw):
    scope = draw([(0.1, 0.1), (0.3, 0.1)], [(0.2, 0.1), (0.2, 0.4)])
    answer = scope.headline.verdict.text.split()[1]
    kinds = set()
    for step in scope.view.film.steps:
        name = step.without.runs()[1]
        assert name.bold == (name.text != answer)
        kinds.add(name.bold)
    assert kinds == {True, False}


def test_promises_follow_the_pen(draw, drag):
    scope = draw()
    drag(scope, on_pad(scope, SEVEN), release=False)
    for step in scope.view.film.steps:
        steps = tuple(one for one in STEPS if one != step.step)
        found = scope.session.network.forward(as_digit(ink(scope), steps)[np.newaxis])
        answer = int(found.predictions[0])
        assert step.without.text == f"off: {answer} {scope.view.outputs.words.write(found.outputs[0, answer])}"


def test_a_click_on_a_ranked_guess_asks_about_its_class(draw, mouse):
    scope = draw(SEVEN)
    outputs = scope.view.outputs
    for row in (1, 4, 9):
        left, _, width, _ = outputs.box
        x, y = left + width / 2, outputs.middle(row)
        mouse(scope, x, y)
        assert scope.readout.line.text.startswith(f"output {outputs.labels[row].text} ")
        mouse(scope, x, y, click=True)
        assert outputs.class_names[scope.session.chosen] == outputs.labels[row].text
        assert abs(outputs.asked.y - outputs.labels[row].y) < 1


def test_of_several_layers_the_chosen_one_is_shown(draw, press):
    from neuralscope.network.model import Network
    from neuralscope.network.storage import SavedNetwork

    network = Network.random((784, 30, 20, 10), rng=np.random.default_rng(0))
    scope = draw(SEVEN, model=SavedNetwork(None, network, {}, {}, {}))
    for key, layer in (("[", 0), ("]", 1)):
        press(scope, key)
        assert [sheet.picture.get_visible() for sheet in scope.view.hidden.sheets] == [layer == 0, layer == 1]
    assert scope.view.hidden.sheets[1].key.get_visible()
    assert not scope.view.hidden.sheets[0].title.get_visible()


@pytest.mark.parametrize("step", STEPS)
def test_a_switch_says_what_would_be_read_and_then_it_is(draw, mouse, step):
    scope = draw([(0.1, 0.1), (0.3, 0.1)], [(0.2, 0.1), (0.2, 0.4)])
    shown = scope.view.film.steps[STEPS.index(step)]
    promised = shown.without.text.removeprefix("off: ")
    mouse(scope, *middle(shown.picture.bounds()), click=True)
    steps = tuple(one for one in STEPS if one != step)
    assert scope.session.sketch.steps == steps
    assert (scope.session.trace.images == as_digit(ink(scope), steps)).all()
    answer = scope.session.network.forward(as_digit(ink(scope), steps)[np.newaxis])
    read = int(answer.predictions[0])
    assert promised == f"{read} {scope.view.outputs.words.write(answer.outputs[0, read])}"
    assert shown.state.text == "off"
    assert shown.without.text.startswith("on: ")
    mouse(scope, *middle(shown.picture.bounds()), click=True)
    assert scope.session.sketch.steps == STEPS


def test_switches_by_keyboard(draw, press):
    scope = draw(SEVEN)
    while not scope.view.cursor or scope.view.cursor.panel is not scope.view.film:
        press(scope, "tab")
    for step in STEPS:
        press(scope, "enter")
        assert step not in scope.session.sketch.steps
        press(scope, "enter", "right")
    assert scope.session.sketch.steps == STEPS
    assert "centre of mass goes to the middle" in scope.readout.line.text


def test_the_right_button_erases_and_so_does_the_pen_when_asked(draw, drag, press):
    scope = draw(ONE)
    before = ink(scope).copy()
    drag(scope, on_pad(scope, [(0.4, 0.5), (0.6, 0.5)]), button=3)
    erased = ink(scope).copy()
    assert erased.sum() < before.sum()
    press(scope, "z")
    assert (ink(scope) == before).all()
    press(scope, "i")
    drag(scope, on_pad(scope, [(0.4, 0.5), (0.6, 0.5)]))
    assert (ink(scope) == erased).all()
    assert scope.view.pad.title.text == "erasing"
    drag(scope, on_pad(scope, [(0.4, 0.5), (0.6, 0.5)]), button=3)  # the other way round
    assert ink(scope).sum() > erased.sum()
    press(scope, "i")
    assert scope.view.pad.title.text == "draw here"


def test_undo_redo_and_clear(draw, press):
    scope = draw(ONE, SEVEN)
    both = ink(scope).copy()
    press(scope, "z")
    one = ink(scope).copy()
    assert 0 < one.sum() < both.sum()
    press(scope, "Z")
    assert (ink(scope) == both).all()
    press(scope, "delete")
    assert not ink(scope).any()
    assert scope.headline.verdict.text.startswith("draw a digit")
    assert "z brings back" in scope.readout.line.text
    press(scope, "z")
    assert (ink(scope) == both).all()
    press(scope, "backspace", "z")
    assert not ink(scope).any()
    press(scope, "z")
    assert scope.readout.line.text == "there is no stroke to take back"
    press(scope, "Z", "Z")
    assert (ink(scope) == both).all()
    press(scope, "Z", "Z")  # the first wipes the pad again
    assert not ink(scope).any()
    assert scope.readout.line.text == "nothing was taken back"


def test_the_hand_may_leave_the_pad_and_come_back(draw, drag):
    scope = draw()
    drag(scope, on_pad(scope, [(0.8, 0.5), (1.5, 0.5), (3, -2), (0.5, 1.4), (0.5, 0.8)]))
    assert (ink(scope)[120:160, 275] == 255).any()
    assert (ink(scope)[215:235, 140] == 255).any()
    assert not scope.session.sketch.strokes.drawing
    assert len(scope.session.sketch.strokes) == 1


def test_leaving_the_window_in_mid_stroke_and_coming_back_draws_on(draw, drag):
    scope = draw()
    drag(scope, on_pad(scope, [(0.2, 0.2), (0.5, 0.2)]), release=False)
    MouseEvent("figure_leave_event", scope.figure.canvas, -5, -5)._process()
    drag(scope, on_pad(scope, [(0.5, 0.2), (0.8, 0.8)]))  # the release was told to another window
    assert len(scope.session.sketch.strokes) == 2
    assert not scope.session.sketch.strokes.drawing


def test_a_second_button_in_mid_stroke_changes_nothing(draw, drag):
    scope = draw()
    canvas = scope.figure.canvas
    start, end, other = on_pad(scope, [(0.2, 0.2), (0.8, 0.8), (0.2, 0.8)])
    drag(scope, [start, end], release=False)
    MouseEvent("button_press_event", canvas, *other, button=3)._process()
    MouseEvent("button_release_event", canvas, *other, button=3)._process()
    assert scope.session.sketch.strokes.drawing
    assert not scope.session.sketch.erases
    MouseEvent("motion_notify_event", canvas, *other)._process()
    MouseEvent("button_release_event", canvas, *other, button=1)._process()
    assert len(scope.session.sketch.strokes) == 1
    assert ink(scope)[224, 56] == 255


def test_a_resize_in_mid_stroke_moves_the_pad_under_the_hand(draw, drag):
    from tests.visualizer.app.test_window import resize

    scope = draw()
    drag(scope, on_pad(scope, [(0.2, 0.2), (0.2, 0.5)]), release=False)
    resize(scope, 1920, 1080)
    x, y = on_pad(scope, [(0.8, 0.5)])[0]
    MouseEvent("motion_notify_event", scope.figure.canvas, x, y)._process()
    MouseEvent("button_release_event", scope.figure.canvas, x, y, button=1)._process()
    rows, columns = np.nonzero(ink(scope) > 128)
    assert abs(columns.max() - 0.8 * 280) < 0.05 * 280
    assert abs(rows.max() - 0.5 * 280) < 0.12 * 280
    assert len(scope.session.sketch.strokes) == 1


@pytest.mark.parametrize("key", ["z", "w", "delete", "escape", "enter", "k"])
def test_a_key_in_mid_stroke_ends_it(draw, drag, press, key):
    scope = draw(ONE)
    drag(scope, on_pad(scope, SEVEN), release=False)
    press(scope, key)
    assert not scope.session.sketch.strokes.drawing
    x, y = on_pad(scope, [(0.9, 0.9)])[0] if scope.view.title == "draw" else (300, 300)
    before = ink(scope).copy()
    MouseEvent("motion_notify_event", scope.figure.canvas, x, y)._process()
    assert (ink(scope) == before).all()


def test_a_thousand_strokes_can_be_taken_back(draw):
    scope = draw()
    rng, sketch = np.random.default_rng(0), scope.session.sketch
    for count in range(1000):
        sketch.begin(*rng.random(2), erases=count > 0 and rng.random() < 0.3)
        sketch.move(*rng.random(2))
        sketch.end()
    assert len(sketch.strokes) == 1000
    while sketch.undo():
        pass
    assert not ink(scope).any()


@pytest.mark.parametrize("key", ["w", "n", "h", "e"])
def test_the_other_views_work_on_the_drawing(draw, press, key):
    scope = draw(SEVEN)
    digit = scope.session.trace.images.copy()
    press(scope, key)
    assert scope.session.own
    assert (scope.session.trace.images == digit).all()
    assert "right" not in scope.headline.verdict.text
    assert "wrong" not in scope.headline.verdict.text
    if key != "n":
        assert scope.headline.which.text == "your drawing"
        assert "then " in scope.headline.verdict.text
    press(scope, "4", "x", "a", "c", "m", key, "d")
    assert scope.view.title == "draw"
    assert (scope.session.trace.images == digit).all()


def test_the_truth_is_marked_nowhere(draw, press):
    scope = draw(SEVEN)
    assert scope.view.outputs.truth.text == ""
    press(scope, "e")
    assert scope.view.outputs.truth.text == ""
    press(scope, "enter")
    assert scope.view.outputs.truth.text != ""


@pytest.mark.parametrize("keys", [["enter"], ["f"], ["left"], ["right"], ["g", "5", "enter"]])
def test_a_test_digit_leads_out_of_the_view_and_d_back_to_the_drawing(draw, press, keys):
    scope = draw(SEVEN)
    digit = scope.session.trace.images.copy()
    press(scope, *keys)
    assert scope.view.title == "explore"
    assert scope.session.index is not None
    press(scope, "d")
    assert (scope.session.trace.images == digit).all()
    press(scope, "enter", "left")
    assert scope.session.own  # it is one of the digits seen
    assert scope.view.title == "explore"


@pytest.mark.parametrize("emptied", [[], ["z"], ["delete"]])
def test_an_empty_pad_is_no_digit(draw, press, emptied):
    scope = draw(*([SEVEN] if emptied else []))
    press(scope, *emptied)
    assert "empty paper" in scope.readout.line.text or emptied
    press(scope, "w")
    assert scope.session.index == 7
    assert "right" in scope.headline.verdict.text or "wrong" in scope.headline.verdict.text
    press(scope, "left", "left")
    assert scope.session.index == 7


def test_by_keyboard_the_cursor_is_the_pen(draw, press):
    scope = draw()
    press(scope, "tab", *["up"] * 8, "enter", *["down"] * 16, "enter", *["right"] * 5)
    assert scope.view.cursor.panel is scope.view.pad
    rows, columns = np.nonzero(ink(scope) > 128)
    assert abs(rows.min() - 60) < 15
    assert abs(rows.max() - 225) < 15
    assert columns.max() - columns.min() < 30
    assert int(scope.session.trace.predictions[0]) == 1
    assert "Enter puts it down" in scope.readout.line.text


def test_sliders_by_mouse_and_by_keys(draw, drag, press):
    scope = draw()
    sketch, slider = scope.session.sketch, scope.view.width
    y = slider.middle
    drag(scope, [(slider.start + 1, y), (slider.start + slider.length + 80, y)])
    assert sketch.width == slider.ends[1]
    assert slider.value_line.text == "16 %"
    drag(scope, [(slider.start - 5, y)])
    assert sketch.width == slider.ends[0]
    press(scope, ".", ".")
    assert slider.ends[0] < sketch.width < slider.ends[1]
    press(scope, *[","] * 5)
    assert sketch.width == slider.ends[0]
    before = sketch.smoothing
    press(scope, ">")
    assert sketch.smoothing > before
    press(scope, *["<"] * 30)
    assert sketch.smoothing == 0
    assert not ink(scope).any()
    drag(scope, on_pad(scope, ONE))
    thin = ink(scope).copy()
    press(scope, "z", *["."] * 40)
    drag(scope, on_pad(scope, ONE))
    assert ink(scope).sum() > 4 * thin.sum()


def test_a_width_holds_for_the_strokes_to_come_only(draw, press):
    scope = draw(ONE)
    before = ink(scope).copy()
    press(scope, ".", ".", ">")
    assert (ink(scope) == before).all()


def test_keeping_asks_what_it_is(draw, press, tmp_path, monkeypatch):
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    scope = draw(SEVEN)
    press(scope, "k")
    assert "keep it as which digit?" in scope.readout.line.text
    press(scope, "escape")
    assert not list(tmp_path.iterdir())
    press(scope, "k", "4")
    (kept,) = (tmp_path / "my-digits" / "4").iterdir()
    assert str(kept.relative_to(tmp_path)) in scope.readout.line.text.replace("\\", "/")
    assert (np.asarray(Image.open(kept)) == ink(scope)).all()
    press(scope, "k", "enter")
    assert len(list((tmp_path / "my-digits" / "7").iterdir())) == 1
    press(scope, "delete", "k")
    assert scope.readout.line.text == "there is nothing on the pad that could be kept"


def test_a_folder_that_cannot_be_written_is_told(draw, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-digits").write_text("a file stands where the folder would be")
    scope = draw(SEVEN)
    press(scope, "k", "7")
    assert scope.readout.line.text.startswith("not kept: ")


def photo():
    """Return a grey photograph of a seven: dark ink on paper that is lighter at the left."""
    rows, columns = np.mgrid[:120, :90]
    paper = 210 - 0.4 * columns
    ink = ((abs(rows - 20) < 5) & (columns > 15) & (columns < 70)) | (
        (abs(columns - (70 - (rows - 20) / 3)) < 5) & (rows > 15) & (rows < 105))
    return np.where(ink, 60, paper).astype(np.uint8)


@pytest.mark.parametrize("theme", THEMES)
def test_a_picture_is_shown_as_it_is_and_read_as_it_is_prepared(open_scope, press, theme):
    scope = open_scope(theme=theme)
    scope.session.open(photo(), "seven.png", STEPS)
    press(scope, "d")
    assert scope.headline.which.text == "seven.png"
    assert (scope.session.trace.images == as_digit(photo())).all()
    assert int(scope.session.trace.predictions[0]) == 7
    cells = scope.view.pad.picture.cells
    side = len(cells)
    assert cells[side // 2, side // 3, :3].mean() > cells[round(20 / 120 * side), side // 2, :3].mean()  # paper, ink
    assert (cells[0, 0] == THEMES[theme].ink[0]).all()  # beside the picture
    press(scope, "w", "d")
    assert scope.headline.which.text == "seven.png"


def test_the_frame_stands_around_the_ink_of_a_picture_of_any_shape(open_scope, press):
    for picture in (photo(), photo().T, photo().repeat(20, axis=0).repeat(20, axis=1)):
        scope = open_scope()
        scope.session.open(np.ascontiguousarray(picture), "seven.png", STEPS)
        press(scope, "d")
        left, bottom, side, _ = scope.view.pad.picture.bounds()
        rows, columns = np.nonzero(picture == 60)
        scale = side / max(picture.shape)
        margin = (side - min(picture.shape) * scale) / 2
        across, down = (0, margin) if picture.shape[1] > picture.shape[0] else (margin, 0)
        lower, upper = (scope.view.pad.frame[place].bounds[1] for place in (1, 0))
        wanted = bottom + side - down - np.array([rows.max() + 1, rows.min()]) * scale
        assert np.allclose([lower, upper], wanted, atol=0.02 * side)
        sides = [scope.view.pad.frame[place].bounds[0] for place in (2, 3)]
        wanted = left + across + np.array([columns.min(), columns.max() + 1]) * scale
        assert np.allclose(sides, wanted, atol=0.02 * side)


def test_a_picture_of_28_by_28_is_read_as_it_is_and_a_drawing_after_it_is_prepared(open_scope, press, drag, embedded):
    image = embedded.test.images[3]
    scope = open_scope()
    scope.session.open(image.reshape(28, 28), "three.png", ())
    press(scope, "d")
    assert np.allclose(scope.session.trace.images, image)
    assert {step.state.text for step in scope.view.film.steps} == {"off"}
    drag(scope, on_pad(scope, ONE))
    assert scope.session.sketch.steps == STEPS
    assert (scope.session.trace.images == as_digit(ink(scope))).all()
    press(scope, "z", "z")
    assert scope.session.sketch.steps == ()
    assert np.allclose(scope.session.trace.images, image)


def test_steps_that_leave_no_ink_are_told(open_scope, press):
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[5:35, 18:22, 3] = 255  # black on nothing: in the first channel alone there is no ink
    scope = open_scope()
    scope.session.open(picture, "one.png", STEPS)
    press(scope, "d")
    assert scope.view.film.steps[0].without.text == "off: no ink"
    scope.session.sketch.switch("grey")
    scope.session.redrawn()
    scope.refresh()
    assert scope.headline.verdict.text.startswith("no ink")
    press(scope, "w", "d")
    assert scope.session.own


@pytest.mark.parametrize("button", [1, 3])
def test_the_eraser_leaves_a_picture_alone(open_scope, press, drag, button):
    scope = open_scope()
    scope.session.open(photo(), "seven.png", STEPS)
    press(scope, "d", *(["i"] if button == 1 else []))
    drag(scope, on_pad(scope, ONE), button=button)
    assert scope.headline.which.text == "seven.png"
    assert not scope.session.sketch.undo()


def test_the_pen_is_lifted_where_the_cursor_leaves_the_pad(draw, press):
    scope = draw()
    press(scope, "tab", "enter", "right", "right")
    assert scope.session.sketch.strokes.drawing
    press(scope, "tab")
    assert not scope.session.sketch.strokes.drawing
    press(scope, "shift+tab", "enter", "down")
    press(scope, "escape")
    assert not scope.session.sketch.strokes.drawing


def test_a_picture_opened_over_another_is_what_is_shown(open_scope, press):
    scope = open_scope()
    scope.session.open(photo(), "seven.png", STEPS)
    press(scope, "d", "3")
    scope.session.open(photo()[::-1].copy(), "upside down.png", STEPS)
    scope.refresh()
    assert (scope.session.trace.images == as_digit(photo()[::-1])).all()
    assert scope.session.chosen == int(scope.session.trace.predictions[0])


def test_going_back_and_forth_through_digits_of_which_one_is_drawn(draw, press):
    scope = draw(SEVEN)
    press(scope, "enter", "enter")
    seen = list(scope.session.seen)
    assert seen[:2] == [7, None]
    press(scope, "left", "left")
    assert scope.session.own
    assert scope.session.last_index == 7
    press(scope, "d", "delete", "e")
    assert scope.session.index == 7
    assert scope.session.seen == [7, *seen[2:]]
    press(scope, "right")
    assert scope.session.index == seen[2]


def test_refreshing_a_drawing_prepares_nothing_anew(draw, press, monkeypatch):
    from neuralscope import images

    scope = draw(SEVEN)
    traced = []
    monkeypatch.setattr(images, "trace", lambda *arguments: traced.append(arguments))
    press(scope, "5", "tab", "tab", ".", "<")
    scope.place()
    assert not traced


def test_a_stroke_puts_the_picture_away_and_undo_brings_it_back(open_scope, press, drag):
    scope = open_scope()
    scope.session.open(photo(), "seven.png", STEPS)
    press(scope, "d")
    digit = scope.session.trace.images.copy()
    drag(scope, on_pad(scope, ONE))
    assert scope.headline.which.text == "your drawing"
    assert int(scope.session.trace.predictions[0]) == 1
    press(scope, "z", "z")
    assert scope.headline.which.text == "seven.png"
    assert (scope.session.trace.images == digit).all()
    press(scope, "delete")
    assert scope.session.sketch.empty
    press(scope, "z")
    assert (scope.session.trace.images == digit).all()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_nothing_overlaps_around_a_drawing(draw, press, size, shipped):
    scope = draw(SEVEN, size=size)
    check(scope, size)
    for step in STEPS:
        scope.session.sketch.switch(step)
        scope.session.redrawn()
        scope.refresh()
        check(scope, size)
    scope.session.open(photo(), "a picture with a rather long name that somebody gave it.png", STEPS)
    scope.refresh()
    check(scope, size)
    press(scope, "i")
    check(scope, size)


def test_weights_that_want_digits_deskewed_get_them(draw, shipped):
    from dataclasses import replace

    from neuralscope.images.preprocess import deskew

    model = replace(shipped, metadata=shipped.metadata | {"preparation": "deskew"})
    scope = draw([(0.7, 0.1), (0.3, 0.9)], model=model)
    digit = as_digit(ink(scope))[np.newaxis]
    assert (scope.session.trace.images == deskew(digit)).all()
    assert not np.allclose(digit, deskew(digit), atol=0.1)


def test_the_pictures_name_says_that_it_is_ones_own(draw, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    press(draw(SEVEN), "s")
    assert [path.name for path in tmp_path.iterdir()] == ["neuralscope-own-draw.png"]
