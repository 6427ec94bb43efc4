"""The network in three dimensions: what is drawn is what the ledger says, and it is turned, chosen in and played."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backend_bases import MouseEvent

from neuralscope.analysis.attribution import ledger
from neuralscope.formatting import number, places, signed
from neuralscope.visualizer.app.playback import SECONDS
from neuralscope.visualizer.drawing.theme import THEMES, look_up, rgb
from neuralscope.visualizer.session.camera import COUNTS
from neuralscope.visualizer.views.network3d.connection_summary import share_of
from neuralscope.visualizer.views.network3d.output_nodes import LARGEST, SMALLEST
from neuralscope.visualizer.views.network3d.view import LABELS, side_by_side
from tests.visualizer.views.test_explore import model_of

KINDS = [(), (64,), (64, 37), (20, 16, 12, 30)]


@pytest.fixture
def look(open_scope):
    """Return a function that opens the view in a window that is drawn only on demand: that is most of the time."""
    def look(*arguments, **options):
        scope = open_scope(*arguments, view="o", **options)
        scope.painter.redraw = lambda: None
        return scope

    return look


def read(text):
    return eval(text.replace("−", "-").replace("×", "*").replace(",", ""))


def center(frame):
    return frame[0] + frame[2] / 2, frame[1] + frame[3] / 2


def wheel(scope, x, y, steps):
    pixel = scope.figure.dpi / 100
    MouseEvent("scroll_event", scope.figure.canvas, x * pixel, y * pixel, step=steps)._process()


def empty_point(scope):
    """Return a point of the scene at which there is nothing."""
    left, bottom, width, height = scope.view.room
    points = ((x, y) for x in range(int(left) + 5, int(left + width), 9) for y in range(int(bottom) + 5, int(
        bottom + height), 9))
    return next(point for point in points if scope.view.find(*point) is None)


@pytest.mark.parametrize("hidden", KINDS, ids=str)
def test_what_is_drawn_is_the_strongest_of_the_ledgers(look, press, shipped, hidden):
    scope = look(model_of(shipped, *hidden))
    press(scope, "enter")
    session, web, last = scope.session, scope.view.web, len(hidden)
    trace = session.exact.forward(session.image)
    found = web.found[last]
    pushes = np.stack([ledger(session.exact, trace, chosen).pushes for chosen in range(10)], axis=1)
    assert found.pushes == pytest.approx(pushes[found.sources, found.targets], rel=1e-4, abs=1e-6)
    rest = np.abs(pushes)
    rest[found.sources, found.targets] = 0
    assert rest.max() <= np.abs(found.pushes).min() * (1 + 1e-4)
    assert found.total == pytest.approx(np.abs(pushes).sum(), rel=1e-5)
    for layer in range(last):
        inputs = (trace.activations[layer - 1] if layer else trace.images)[0]
        products = inputs[:, None] * session.exact.layers[layer].weights * (trace.activations[layer][0] != 0)
        one = web.found[layer]
        assert (trace.activations[layer][0, one.targets] != 0).all()
        assert one.live == np.count_nonzero(products)
        assert one.pushes == pytest.approx(products[one.sources, one.targets], rel=1e-4, abs=1e-6)
        assert one.total == pytest.approx(np.abs(products).sum(), rel=1e-5)


@pytest.mark.parametrize("theme", THEMES)
def test_colours_say_the_sign_and_strength_shows_in_width_and_brightness(look, theme):
    scope = look(theme=theme)
    for strands, one in zip(scope.view.web.strands, scope.view.web.found, strict=True):
        pushes = one.pushes[::-1]
        for role, those in (("positive", pushes > 0), ("negative", pushes < 0)):
            color = np.divide(rgb(getattr(THEMES[theme], role)), 255)
            assert strands.colors[those, :3] == pytest.approx(np.tile(color, (np.count_nonzero(those), 1)))
        assert (strands.dashed == (pushes < 0)).all()
        order = np.argsort(np.abs(pushes), kind="stable")
        assert (np.diff(strands.widths[order]) >= 0).all()
        assert (np.diff(strands.colors[order, 3]) >= 0).all()


@pytest.mark.parametrize(("hidden", "keys"), [
    ((), []), ((64,), ["."] * 3), ((64, 37), ["left"] * 5 + ["up"] * 3), ((20, 16, 12, 30), ["right"] * 20)], ids=str)
def test_lines_go_from_cell_to_cell_and_to_the_lamps(look, press, shipped, hidden, keys):
    scope = look(model_of(shipped, *hidden))
    scope.work_through()  # neurons stand arranged
    press(scope, *keys)
    view = scope.view
    for layer, (strands, one) in enumerate(zip(view.web.strands, view.web.found, strict=True)):
        for ends, source, target in zip(strands.ends[::-1][:20], one.sources, one.targets, strict=False):
            for at, place, neuron in ((0, layer, source), (1, layer + 1, target)):
                if place == len(view.sheets):
                    assert ends[at] == pytest.approx(view.lamps.points[neuron])
                    continue
                sheet = view.sheets[place]
                cell = sheet.cell_of(neuron) if place else divmod(neuron, 28)
                corners = sheet.picture.cell_bounds(*cell).points
                assert (ends[at] >= corners.min(axis=0)).all()
                assert (ends[at] <= corners.max(axis=0)).all()


@pytest.mark.parametrize("hidden", KINDS, ids=str)
def test_cells_show_and_glow_as_the_trace_says(look, shipped, hidden):
    scope = look(model_of(shipped, *hidden))
    trace, theme = scope.session.trace, THEMES["dark"]
    assert (scope.view.digit.picture.cells.reshape(-1, 4) == look_up(theme.ink, trace.images[0], 1)).all()
    assert scope.view.digit.picture.strength.ravel() == pytest.approx(trace.images[0])
    for sheet, values in zip(scope.view.sheets[1:], trace.activations, strict=False):
        top, count = float(sheet.top.text), values.size
        assert (sheet.picture.cells.reshape(-1, 4)[:count] == look_up(theme.activations, values[0], top)).all()
        assert sheet.picture.strength.ravel()[:count] == pytest.approx(values[0] / top)


def test_more_and_fewer_are_drawn_and_the_share_is_stated(look, press):
    scope = look()
    session, web, shares = scope.session, scope.view.web, []
    for keys in (["-"] * 9, *[["+"]] * (len(COUNTS) - 1)):
        press(scope, *keys)
        each = session.gaze.count
        assert all(len(strands.ends) == min(each, one.live) for strands, one in zip(
            web.strands, web.found, strict=True))
        covered, total = (sum(getattr(one, name) for one in web.found) for name in ("covered", "total"))
        shares.append(covered / total)
        shown, live = (sum(parts) for parts in zip(*((len(one.pushes), one.live) for one in web.found), strict=True))
        assert scope.view.drawn.line.text == (
            f"the {each} strongest into each layer: {shown:,} of {live:,} into firing neurons "
            f"or outputs, with {100 * shares[-1]:.1f} % of their push")
    assert (np.diff(shares) > 0).all()
    press(scope, "+")
    assert "more would" in scope.readout.line.text


@pytest.mark.parametrize("theme", THEMES)
def test_the_key_shows_lines_as_they_are_drawn_and_says_what_width_means(look, mouse, theme):
    scope = look(theme=theme)
    drawn, theme = scope.view.drawn, THEMES[theme]
    for run, role, word in zip(drawn.legend.runs(), ("positive", "negative"), ("▲ pushes up", "▼ holds down"),
                               strict=False):
        assert (run.text, run.color) == (word, getattr(theme, role))
    left = drawn.legend.bounds()[0]
    for ends, color, dashed, role in zip(drawn.samples.ends, drawn.samples.colors, drawn.samples.dashed,
                                         ("positive", "negative"), strict=True):
        assert color == pytest.approx([*np.divide(rgb(getattr(theme, role)), 255), 1])
        assert dashed == (role == "negative")
        assert drawn.line.bounds()[0] + drawn.line.bounds()[2] < ends[0, 0] < ends[1, 0]
    assert drawn.samples.ends[0, 1, 0] < left
    mouse(scope, *center(drawn.legend.bounds()))
    assert "the strongest into each layer is widest and brightest" in scope.readout.line.text


@pytest.mark.parametrize(("part", "whole", "text"), [
    (0, 5, "0 %"), (1, 10**5, "< 0.1 %"), (1, 8, "12.5 %"), (99999, 10**5, "> 99.9 %"), (3, 3, "100 %"),
    (0, 0, "100 %")])
def test_shares_of_a_part_are_never_those_of_none_or_all(part, whole, text):
    assert share_of(part, whole) == text


def test_the_statement_says_how_its_share_is_counted(look, mouse):
    scope = look()
    mouse(scope, *center(scope.view.drawn.line.bounds()))
    said = scope.readout.line.text
    part, whole, share = re.search(r"(\S+) / (\S+) = (\S+) %", said).groups()
    assert 100 * read(part) / read(whole) == pytest.approx(float(share), abs=0.06)
    assert f"{share} % of their push" in scope.view.drawn.line.text
    shares = re.search(r"into layer 1, the outputs (\S+) %, (\S+) %", said).groups()
    for one, found in zip(scope.view.web.found, shares, strict=True):
        assert float(found) == pytest.approx(100 * one.covered / one.total, abs=0.051)


@pytest.mark.parametrize("hidden", KINDS, ids=str)
def test_a_connection_says_its_push_and_where_it_ranks(look, press, shipped, hidden):
    scope = look(model_of(shipped, *hidden))
    press(scope, *["tab"] * (len(hidden) + 2))
    view = scope.view
    assert view.cursor.panel is view.web
    press(scope, *["left"] * 9)
    for layer, one in enumerate(view.web.found):
        for place in range(4):
            said = scope.readout.line.text
            factors, push = re.search(r"weight (\S+ × \S+) = (\S+)", said).groups()
            value, weight = (float(part[place]) for part in (one.values, one.weights))
            assert number(read(factors), places(value * weight)) == push.lstrip("+")
            assert read(push) == pytest.approx(value * weight, abs=0.51 * 10.0 ** -places(value * weight))
            color = next(run.color for run in scope.readout.line.runs() if run.text == push)
            assert color == getattr(THEMES["dark"], "negative" if push[0] == "−" else "positive")
            assert (f"number {place + 1} by size" if place else "the strongest") in said
            assert ("into the outputs" if layer == len(hidden) else f"into layer {layer + 1}") in said
            press(scope, "down")
        press(scope, *["up"] * 9, "right")


def test_keys_turn_and_zoom_and_reset(look, press):
    scope = look()
    view, gaze, index = scope.view, scope.session.gaze, scope.session.index
    begun = view.sheets[1].picture.plane
    seen = [begun]
    for key in ("left", "up", ".", ".", ","):
        press(scope, key)
        assert all(not np.allclose(view.sheets[1].picture.plane, one) for one in seen[-1:])
        seen.append(view.sheets[1].picture.plane)
    assert gaze.zoom == pytest.approx(1.2)
    assert scope.session.index == index  # no arrow went on to another digit
    press(scope, "r")
    assert view.sheets[1].picture.plane == pytest.approx(begun)


@pytest.mark.parametrize(("key", "words"), [(".", "close"), (",", "far"), ("up", "turns no"), ("down", "turns no")])
def test_where_a_key_does_no_more_it_says_so(look, press, key, words):
    scope = look()
    still = scope.readout.line.text
    press(scope, key)
    assert scope.readout.line.text == still
    press(scope, *[key] * 40)
    assert words in scope.readout.line.text


@pytest.mark.parametrize("keys", [[], ["."] * 20, [","] * 20])
@pytest.mark.parametrize("step", [(120, 0), (0, -90), (-120, 90)])
def test_the_mouse_cannot_lose_the_scene(look, press, drag, keys, step):
    scope = look()
    press(scope, *keys)
    left, bottom, width, height = scope.view.room
    for _ in range(9):
        drag(scope, [(left + 200, bottom + 150), (left + 200 + step[0], bottom + 150 + step[1])], button=3)
    low, high = (edge(scope.view.camera.project(scope.view.space.corners()), axis=0) for edge in (np.min, np.max))
    middle, most = np.array([left + width / 2, bottom + height / 2]), np.array([width / 4, height / 2 - 20])
    assert (low <= middle + most).all()
    assert (high >= middle - most).all()


@pytest.mark.parametrize("hidden", KINDS, ids=str)
@pytest.mark.parametrize("keys", [[], ["left"] * 30], ids=["before", "behind"])
def test_names_stand_in_the_order_of_their_sheets_below_them(look, press, shipped, hidden, keys):
    scope = look(model_of(shipped, *hidden))
    press(scope, *keys)
    sheets, (left, _, width, _) = scope.view.sheets, scope.view.room
    names = [sheet.title.bounds()[0] for sheet in sheets]
    edges = [sheet.picture.outline()[:, 0].min() for sheet in sheets]
    assert list(np.argsort(names)) == list(np.argsort(edges))
    column = min(width / len(sheets), LABELS * scope.painter.leading)
    assert (np.diff(sorted(names)) >= column - 1e-6).all()
    assert left <= min(names)
    assert max(names) <= left + width - column + 1e-6
    assert len(sheets) > 2 or names == pytest.approx(edges, abs=60)


@pytest.mark.parametrize(("starts", "found"), [
    ([0, 10, 300], [5, 105, 300]), ([900, 20, 500], [900, 20, 500]), ([950, 940, 0], [905, 805, 5])])
def test_columns_stand_beside_each_other_as_near_as_can_be(starts, found):
    assert list(side_by_side(np.array(starts, float), 100, 5, 1005)) == found


def test_it_is_looked_at_from_there_when_one_comes_back(look, press):
    scope = look()
    press(scope, "left", "left", "+")
    plane = scope.view.digit.picture.plane
    press(scope, "e", "o")
    assert scope.view.digit.picture.plane == pytest.approx(plane)
    assert scope.session.gaze.count == 100


def test_the_mouse_turns_moves_and_zooms(look, drag):
    scope = look()
    gaze, (x, y) = scope.session.gaze, empty_point(scope)
    yaw, pitch = gaze.angles
    drag(scope, [(x, y), (x + 30, y + 10), (x + 60, y + 25)])
    assert gaze.angles == (pytest.approx(yaw + 24), pytest.approx(pitch - 10))
    drag(scope, [(x, y), (x + 30, y - 10)], button=3)
    assert gaze.moved == (30, -10)
    pixel = scope.view.digit.picture.cell_bounds(14, 14)
    at = center(pixel)
    wheel(scope, *at, 2)
    assert gaze.zoom == pytest.approx(1.44)
    assert center(scope.view.digit.picture.cell_bounds(14, 14)) == pytest.approx(at, abs=0.5)
    wheel(scope, *at, -2)
    assert scope.view.digit.picture.cell_bounds(14, 14) == pytest.approx(pixel)
    wheel(scope, 5, 5, 3)
    assert gaze.zoom == pytest.approx(1)


def click(scope, drag, x, y):
    drag(scope, [(x, y), (x + 1, y)])


def test_a_neuron_clicked_is_chosen_everywhere_and_once_more_opened_and_a_drag_chooses_none(
        look, press, mouse, drag, shipped):
    scope = look(model_of(shipped, 64, 37))
    sheet = scope.view.sheets[1]
    cell = next(cell for cell in np.ndindex(8, 8) if scope.view.find(*center(sheet.picture.cell_bounds(*cell))) == (
        sheet, cell))
    point = center(sheet.picture.cell_bounds(*cell))
    drag(scope, [point, (point[0] + 40, point[1])])
    assert not scope.session.has_chosen(0, sheet.neuron_at(*cell))
    drag(scope, [(point[0] + 40, point[1]), point])
    click(scope, drag, *point)
    neuron = sheet.neuron_at(*cell)
    assert scope.session.has_chosen(0, neuron)
    assert scope.readout.line.text.startswith(f"layer 1 neuron {neuron} ")
    mouse(scope, 2, 2)
    press(scope, "e")
    assert scope.readout.line.text.startswith(f"layer 1 neuron {neuron} ")
    press(scope, "escape")
    click(scope, drag, *point)
    assert scope.view.title == "neuron"


@pytest.mark.parametrize("layer", [0, 1])
def test_a_connection_clicked_is_chosen_with_its_ends_and_once_more_explained(look, press, drag, mouse, layer):
    scope = look()
    session, web = scope.session, scope.view.web
    press(scope, *["tab"] * 3, *["left"] * (1 - layer))
    one = web.found[layer]
    place = next(place for place in range(75) if layer == 0 or one.targets[place] != session.chosen)
    press(scope, *["down"] * place)
    _, ring = web.account(session, place, layer)
    press(scope, "escape")
    click(scope, drag, *center(ring))
    source, target = int(one.sources[place]), int(one.targets[place])
    assert session.has_chosen(0, source if layer else target)
    assert not layer or session.chosen == target
    mouse(scope, 2, 2)
    begin = f"neuron {source}" if layer else f"pixel row {source // 28}, column {source % 28}"
    resting = f"{begin} → {'output' if layer else 'neuron'} {target} pushes"
    assert scope.readout.line.text.startswith(resting)
    click(scope, drag, *center(ring))
    assert scope.view.title == ("why" if layer else "how it works")
    mouse(scope, 2, 2)
    press(scope, "o")
    assert scope.readout.line.text.startswith(resting)
    press(scope, "0" if session.chosen else "1")
    assert not scope.readout.line.text.startswith(resting)


def test_a_connection_to_an_output_answers_which_class_to_compare_with(look, press, drag):
    scope = look()
    session, one = scope.session, scope.view.web.found[1]
    place = next(place for place in range(75) if one.targets[place] not in (session.chosen, session.versus))
    _, ring = scope.view.web.account(session, place, 1)
    other, asked = scope.view.web.account(session, 0, 0)[1], session.chosen
    press(scope, "v")
    click(scope, drag, *center(other))
    assert session.awaits_versus
    click(scope, drag, *center(ring))
    assert (session.chosen, session.versus, session.awaits_versus) == (asked, one.targets[place], False)


def test_a_connection_between_hidden_layers_opens_how_its_sum_comes_about(look, press, shipped):
    scope = look(model_of(shipped, 64, 37))
    session, one = scope.session, scope.view.web.found[1]
    press(scope, *["tab"] * 4, "left", "enter")
    assert session.has_chosen(1, one.targets[0])
    assert session.chosen_neurons[0] == one.sources[0]
    press(scope, "enter")
    assert scope.view.title == "how it works"


def test_a_lamp_clicked_is_the_class_asked_about(look, drag, mouse):
    scope = look()
    chosen = (scope.session.chosen + 3) % 10
    point = scope.view.lamps.points[chosen]
    mouse(scope, *point)
    assert scope.readout.line.text.startswith(f"output {chosen} score: bias + pushes")
    click(scope, drag, *point)
    assert scope.session.chosen == chosen
    assert scope.readout.line.text.startswith(f"output {chosen} ")
    mouse(scope, 2, 2)
    assert f"→ output {chosen} " in scope.readout.line.text
    assert scope.view.lamps.leads.colors[chosen, :3] == pytest.approx(np.divide(rgb(THEMES["dark"].muted), 255))
    assert scope.view.lamps.leads.colors[chosen - 1, :3] == pytest.approx(np.divide(rgb(THEMES["dark"].hairline), 255))
    click(scope, drag, *point)
    assert scope.view.title == "why"


def test_the_readout_rests_on_the_strongest_drawn_that_pushes_the_class_asked_about(look, press):
    scope = look()
    session, one = scope.session, scope.view.web.found[1]
    for key in "4", "7":
        press(scope, key)
        row = np.flatnonzero((one.targets == int(key)) & (one.pushes > 0))[0]
        assert session.chosen == int(key)
        said, push = scope.readout.line.text, float(one.pushes[row])
        assert said.startswith(f"neuron {one.sources[row]} → output {key} pushes by activation × weight ")
        assert f"= {signed(push, places(push))} number {row + 1} by size into the outputs none pushes" in said
        ends = scope.readout.ring.around.points
        assert ends[0] == pytest.approx(scope.view.points(1, one.sources[[row]])[0])
        assert ends[1] == pytest.approx(scope.view.lamps.points[int(key)])


def test_without_hidden_layer_it_rests_on_a_pixel_that_pushes_the_class_asked_about(look, press, shipped):
    scope = look(model_of(shipped))
    press(scope, "7")
    assert "→ output 7 " in scope.readout.line.text
    press(scope, *["-"] * 9)
    for key in "0123456789":
        press(scope, key)
        row = next((row for row in range(5) if scope.view.web.found[0].targets[row] == int(key)
                    and scope.view.web.found[0].pushes[row] > 0), None)
        assert f"→ output {key} " in scope.readout.line.text
        assert ("not among those drawn" in scope.readout.line.text) == (row is None)


def test_of_a_neuron_chosen_it_says_the_ledgers_own_push_against_the_other_class(look):
    scope = look()
    session = scope.session
    account = ledger(session.exact, session.exact.forward(session.image), session.chosen, session.versus)
    for source in np.argsort(-account.pushes)[:3]:
        session.choose_neuron(0, int(source))
        scope.refresh()
        said = scope.readout.line.text
        own = float(session.exact.layers[1].weights[source, session.chosen] * account.inputs[source])
        assert f"= {signed(own, places(own))} " in said
        found = re.search(rf"pushes {session.chosen} against {session.versus} by (\S+ × \S+) = (\S+)", said).groups()
        assert float(found[1]) == pytest.approx(account.pushes[source], abs=0.006)
        assert read(found[0]) == pytest.approx(account.pushes[source], abs=0.02)
        assert ("the largest push of all" in said) == (source == account.pushes.argmax())
        drawn = scope.view.web.found[1].row_of(source, session.chosen) is not None
        assert ("not among those drawn" in said) != drawn


def test_the_sheet_in_front_is_pointed_at(look, press, mouse):
    scope = look()
    press(scope, *["left"] * 8)  # the hidden sheet stands before the digit
    digit, sheet = (one.picture for one in scope.view.sheets)
    assert sheet.get_zorder() < scope.view.lamps.leads.get_zorder() < scope.view.lamps.dots.get_zorder()
    both = [(row, column) for row, column in np.ndindex(16, 16)
            if digit.cell_at(*center(sheet.cell_bounds(row, column)))]
    assert both
    mouse(scope, *center(sheet.cell_bounds(*both[0])))
    assert scope.readout.line.text.startswith("neuron ")
    press(scope, *["left"] * 30)  # from behind
    assert digit.get_zorder() > sheet.get_zorder()
    mouse(scope, *next(center(digit.cell_bounds(row, column)) for row, column in np.ndindex(28, 28)
                       if sheet.cell_at(*center(digit.cell_bounds(row, column)))))
    assert scope.readout.line.text.startswith("pixel row ")


def test_the_way_of_the_signal_is_played_and_ends_in_the_still_picture(look, press):
    scope = look()
    view, now = scope.view, [10.0]
    view.passage.clock = lambda: now[0]
    still = scope.readout.line.text
    press(scope, " ")
    assert view.passage.playing
    lights = []
    for step in range(5):
        now[0] = 10 + SECONDS * step / 4.01
        view.passage.work_on()
        for layer, strands in enumerate(view.web.strands):
            spots = [view.web.spot_at(scope.session, *point) for point in strands.ends.mean(axis=1)]
            assert any(spot and spot[1] == layer for spot in spots) == (strands.light >= 1)
        lights.append((*(strands.light for strands in view.web.strands), view.sheets[1].picture.light))
        assert (scope.readout.line.text, scope.readout.ring.around) == (still, None)
        assert view.outputs.bars[view.outputs.order.index(scope.session.chosen)].bounds[2] > 1
    assert view.digit.picture.light == 1
    assert lights[0] == (0, 0, 0)
    assert lights == sorted(lights)
    now[0] += SECONDS
    view.passage.work_on()
    assert not view.passage.playing
    assert all(strands.light == 1 for strands in view.web.strands)
    assert scope.readout.ring.around is not None
    press(scope, " ", " ")
    assert not view.passage.playing
    press(scope, " ", "escape")
    assert not view.passage.playing
    press(scope, " ", "e")
    assert not view.passage.playing


def test_it_follows_another_network_and_one_of_another_shape(look, press, shipped):
    scope = look()
    session = scope.session
    before, cells = scope.view.web.found[0], scope.view.sheets[1].picture.cells
    session.go_to_snapshot(2)
    scope.refresh()
    assert scope.view.web.found[0] is not before
    assert (scope.view.sheets[1].picture.cells != cells).any()
    session.take(model_of(shipped, 30, 20).network, "epoch 1 of 3")
    scope.reopen()
    assert len(scope.view.sheets) == 3
    assert len(scope.view.web.found) == 3


def test_a_silenced_neuron_pushes_nothing(look, press):
    scope = look()
    neuron = scope.session.neuron
    press(scope, *["+"] * 9, "x")
    assert neuron not in scope.view.web.found[1].sources
    scope.message = None
    scope.refresh()
    weight = scope.session.whole.layers[1].weights[neuron, scope.session.chosen]
    fire = np.count_nonzero(scope.session.trace.activations[0]) - 1
    assert scope.view.sheets[1].caption.text.startswith(f"{fire} fire, {256 - fire} stay at 0")
    assert "would give " in scope.readout.line.text
    assert f"weight {signed(float(weight), places(float(weight), 3))} but it is silenced" in scope.readout.line.text
    assert scope.view.sheets[1].picture.crossed.sum() == 1
    press(scope, "enter")
    scope.figure.canvas.draw()


def test_nothing_pushes_where_there_is_no_ink(look, press, embedded, shipped):
    blank = replace(embedded, test=replace(embedded.test, images=0 * embedded.test.images))
    scope = look(model_of(shipped, 16), blank)
    assert scope.view.drawn.line.text.startswith("the 75 strongest into each layer: 0 of 0 into")
    press(scope, "tab", "tab", "tab")
    assert scope.readout.line.text
    scope.figure.canvas.draw()


def test_a_network_without_hidden_layer_shows_how_pixels_push_the_outputs(look, press, drag, shipped):
    scope = look(model_of(shipped))
    assert len(scope.view.sheets) == len(scope.view.web.found) == 1
    one = scope.view.web.found[0]
    assert scope.readout.line.text.startswith("pixel row ")
    assert f"→ output {scope.session.chosen} " in scope.readout.line.text
    press(scope, "tab", "tab", "enter")
    assert scope.session.chosen == one.targets[0]
    scope.figure.canvas.draw()


def test_large_networks_show_all_neurons_and_say_how_many_connections(look, shipped):
    scope = look(model_of(shipped, 2048, 1024))
    assert [sheet.shape for sheet in scope.view.sheets] == [(28, 28), (32, 64), (32, 32)]
    assert "the 75 strongest into each layer: 225 of " in scope.view.drawn.line.text
    scope.figure.canvas.draw()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "leaky-relu"])
def test_activations_of_every_kind(look, press, shipped, activation):
    scope = look(model_of(shipped, 64, 30, activation=activation, head="sigmoid"))
    press(scope, "enter", "tab", "tab")
    scope.figure.canvas.draw()
    strength = scope.view.sheets[1].picture.strength
    assert 0 <= strength.min() < strength.max() <= 1


def test_lamps_are_as_large_as_their_outputs(look):
    scope = look()
    outputs, radii = scope.session.trace.outputs[0], scope.view.lamps.dots.radii
    assert radii == pytest.approx(SMALLEST + (LARGEST - SMALLEST) * outputs)


def test_the_layer_chosen_is_marked_by_its_edge(look, press, shipped):
    scope = look(model_of(shipped, 64, 37))
    theme = THEMES["dark"]
    for key, edges in (("]", (theme.faint, theme.muted)), ("[", (theme.muted, theme.faint))):
        press(scope, key)
        assert tuple(sheet.picture.edge for sheet in scope.view.sheets[1:]) == edges
