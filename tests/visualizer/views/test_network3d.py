"""The network in three dimensions: what is drawn is what the ledger says, and it is turned, chosen in and played."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backend_bases import MouseEvent

from neuralscope.analysis.attribution import attribution
from neuralscope.formatting import decimals_needed, number, signed
from neuralscope.visualizer.app.playback import PLAYBACK_S
from neuralscope.visualizer.drawing.theme import THEMES, color_values, rgb
from neuralscope.visualizer.session.camera import CONNECTION_COUNTS
from neuralscope.visualizer.views.network3d.connection_summary import share_text
from neuralscope.visualizer.views.network3d.output_nodes import LARGEST_RADIUS, SMALLEST_RADIUS
from neuralscope.visualizer.views.network3d.view import LABELS_WIDTH, place_columns
from tests.helpers.networks import model_of

KINDS = [(), (64,), (64, 37), (20, 16, 12, 30)]


@pytest.fixture
def look(open_window):
    """Return a function that opens the view in a window that is drawn only on demand: that is most of the time."""
    def look(*arguments, **options):
        window = open_window(*arguments, view="o", **options)
        window.surface.redraw = lambda: None
        return window

    return look


def read(text):
    return eval(text.replace("−", "-").replace("×", "*").replace(",", ""))


def center(frame):
    return frame[0] + frame[2] / 2, frame[1] + frame[3] / 2


def wheel(window, x, y, steps):
    pixel = window.figure.dpi / 100
    MouseEvent("scroll_event", window.figure.canvas, x * pixel, y * pixel, step=steps)._process()


def empty_point(window):
    """Return a point of the scene at which there is nothing."""
    left, bottom, width, height = window.view.room
    points = ((x, y) for x in range(int(left) + 5, int(left + width), 9) for y in range(int(bottom) + 5, int(
        bottom + height), 9))
    return next(point for point in points if window.view.panel_at(*point) is None)


@pytest.mark.parametrize("hidden", KINDS, ids=str)
def test_what_is_drawn_is_the_strongest_of_the_ledgers(look, press, shipped, hidden):
    window = look(model_of(shipped, *hidden))
    press(window, "enter")
    session, web, last = window.session, window.view.connections, len(hidden)
    trace = session.network_float64.forward(session.image)
    found = web.layer_connections[last]
    pushes = np.stack(
        [attribution(session.network_float64, trace, chosen).contributions for chosen in range(10)], axis=1
    )
    assert found.contributions == pytest.approx(pushes[found.sources, found.targets], rel=1e-4, abs=1e-6)
    rest = np.abs(pushes)
    rest[found.sources, found.targets] = 0
    assert rest.max() <= np.abs(found.contributions).min() * (1 + 1e-4)
    assert found.total == pytest.approx(np.abs(pushes).sum(), rel=1e-5)
    for layer in range(last):
        inputs = (trace.activations[layer - 1] if layer else trace.images)[0]
        products = inputs[:, None] * session.network_float64.layers[layer].weights * (trace.activations[layer][0] != 0)
        one = web.layer_connections[layer]
        assert (trace.activations[layer][0, one.targets] != 0).all()
        assert one.contributing_count == np.count_nonzero(products)
        assert one.contributions == pytest.approx(products[one.sources, one.targets], rel=1e-4, abs=1e-6)
        assert one.total == pytest.approx(np.abs(products).sum(), rel=1e-5)


@pytest.mark.parametrize("theme", THEMES)
def test_colours_say_the_sign_and_strength_shows_in_width_and_brightness(look, theme):
    window = look(theme=theme)
    for strands, one in zip(window.view.connections.lines, window.view.connections.layer_connections, strict=True):
        pushes = one.contributions[::-1]
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
    window = look(model_of(shipped, *hidden))
    window.run_to_end()  # neurons stand arranged
    press(window, *keys)
    view = window.view
    for layer, (strands, one) in enumerate(
        zip(view.connections.lines, view.connections.layer_connections, strict=True)
    ):
        for ends, source, target in zip(strands.ends[::-1][:20], one.sources, one.targets, strict=False):
            for at, place, neuron in ((0, layer, source), (1, layer + 1, target)):
                if place == len(view.sheets):
                    assert ends[at] == pytest.approx(view.output_nodes.points[neuron])
                    continue
                sheet = view.sheets[place]
                cell = sheet.cell_of(neuron) if place else divmod(neuron, 28)
                corners = sheet.picture.cell_bounds(*cell).points
                assert (ends[at] >= corners.min(axis=0)).all()
                assert (ends[at] <= corners.max(axis=0)).all()


@pytest.mark.parametrize("hidden", KINDS, ids=str)
def test_cells_show_and_glow_as_the_trace_says(look, shipped, hidden):
    window = look(model_of(shipped, *hidden))
    trace, theme = window.session.trace, THEMES["dark"]
    assert (window.view.digit.picture.cells.reshape(-1, 4) == color_values(theme.ink, trace.images[0], 1)).all()
    assert window.view.digit.picture.strength.ravel() == pytest.approx(trace.images[0])
    for sheet, values in zip(window.view.sheets[1:], trace.activations, strict=False):
        top, count = float(sheet.key.top.text), values.size
        assert (sheet.picture.cells.reshape(-1, 4)[:count] == color_values(theme.activations, values[0], top)).all()
        assert sheet.picture.strength.ravel()[:count] == pytest.approx(values[0] / top)


def test_more_and_fewer_are_drawn_and_the_share_is_stated(look, press):
    window = look()
    session, web, shares = window.session, window.view.connections, []
    for keys in (["-"] * 9, *[["+"]] * (len(CONNECTION_COUNTS) - 1)):
        press(window, *keys)
        each = session.camera.count
        assert all(len(strands.ends) == min(each, one.contributing_count) for strands, one in zip(
            web.lines, web.layer_connections, strict=True))
        covered, total = (sum(getattr(one, name) for one in web.layer_connections) for name in ("covered", "total"))
        shares.append(covered / total)
        shown, live = (
            sum(parts)
            for parts in zip(
                *((len(one.contributions), one.contributing_count) for one in web.layer_connections), strict=True
            )
        )
        assert window.view.connection_summary.line.text == (
            f"the {each} strongest into each layer: {shown:,} of {live:,} into firing neurons "
            f"or outputs, with {100 * shares[-1]:.1f} % of their push")
    assert (np.diff(shares) > 0).all()
    press(window, "+")
    assert "more would" in window.readout.line.text


@pytest.mark.parametrize("theme", THEMES)
def test_the_key_shows_lines_as_they_are_drawn_and_says_what_width_means(look, mouse, theme):
    window = look(theme=theme)
    drawn, theme = window.view.connection_summary, THEMES[theme]
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
    mouse(window, *center(drawn.legend.bounds()))
    assert "the strongest into each layer is widest and brightest" in window.readout.line.text


@pytest.mark.parametrize(("part", "whole", "text"), [
    (0, 5, "0 %"), (1, 10**5, "< 0.1 %"), (1, 8, "12.5 %"), (99999, 10**5, "> 99.9 %"), (3, 3, "100 %"),
    (0, 0, "100 %")])
def test_shares_of_a_part_are_never_those_of_none_or_all(part, whole, text):
    assert share_text(part, whole) == text


def test_the_statement_says_how_its_share_is_counted(look, mouse):
    window = look()
    mouse(window, *center(window.view.connection_summary.line.bounds()))
    said = window.readout.line.text
    part, whole, share = re.search(r"(\S+) / (\S+) = (\S+) %", said).groups()
    assert 100 * read(part) / read(whole) == pytest.approx(float(share), abs=0.06)
    assert f"{share} % of their push" in window.view.connection_summary.line.text
    shares = re.search(r"into layer 1, the outputs (\S+) %, (\S+) %", said).groups()
    for one, found in zip(window.view.connections.layer_connections, shares, strict=True):
        assert float(found) == pytest.approx(100 * one.covered / one.total, abs=0.051)


@pytest.mark.parametrize("hidden", KINDS, ids=str)
def test_a_connection_says_its_push_and_where_it_ranks(look, press, shipped, hidden):
    window = look(model_of(shipped, *hidden))
    press(window, *["tab"] * (len(hidden) + 2))
    view = window.view
    assert view.focus.panel is view.connections
    press(window, *["left"] * 9)
    for layer, one in enumerate(view.connections.layer_connections):
        for place in range(4):
            said = window.readout.line.text
            factors, push = re.search(r"weight (\S+ × \S+) = (\S+)", said).groups()
            value, weight = (float(part[place]) for part in (one.values, one.weights))
            assert number(read(factors), decimals_needed(value * weight)) == push.lstrip("+")
            assert read(push) == pytest.approx(value * weight, abs=0.51 * 10.0 ** -decimals_needed(value * weight))
            color = next(run.color for run in window.readout.line.runs() if run.text == push)
            assert color == getattr(THEMES["dark"], "negative" if push[0] == "−" else "positive")
            assert (f"number {place + 1} by size" if place else "the strongest") in said
            assert ("into the outputs" if layer == len(hidden) else f"into layer {layer + 1}") in said
            press(window, "down")
        press(window, *["up"] * 9, "right")


def test_keys_turn_and_zoom_and_reset(look, press):
    window = look()
    view, camera, index = window.view, window.session.camera, window.session.index
    begun = view.sheets[1].picture.plane
    seen = [begun]
    for key in ("left", "up", ".", ".", ","):
        press(window, key)
        assert all(not np.allclose(view.sheets[1].picture.plane, one) for one in seen[-1:])
        seen.append(view.sheets[1].picture.plane)
    assert camera.zoom == pytest.approx(1.2)
    assert window.session.index == index  # no arrow went on to another digit
    press(window, "r")
    assert view.sheets[1].picture.plane == pytest.approx(begun)


@pytest.mark.parametrize(("key", "words"), [(".", "close"), (",", "far"), ("up", "turns no"), ("down", "turns no")])
def test_where_a_key_does_no_more_it_says_so(look, press, key, words):
    window = look()
    still = window.readout.line.text
    press(window, key)
    assert window.readout.line.text == still
    press(window, *[key] * 40)
    assert words in window.readout.line.text


@pytest.mark.parametrize("keys", [[], ["."] * 20, [","] * 20])
@pytest.mark.parametrize("step", [(120, 0), (0, -90), (-120, 90)])
def test_the_mouse_cannot_lose_the_scene(look, press, drag, keys, step):
    window = look()
    press(window, *keys)
    left, bottom, width, height = window.view.room
    for _ in range(9):
        drag(window, [(left + 200, bottom + 150), (left + 200 + step[0], bottom + 150 + step[1])], button=3)
    low, high = (edge(window.view.projection.project(window.view.space.corners()), axis=0) for edge in (np.min, np.max))
    middle, most = np.array([left + width / 2, bottom + height / 2]), np.array([width / 4, height / 2 - 20])
    assert (low <= middle + most).all()
    assert (high >= middle - most).all()


@pytest.mark.parametrize("hidden", KINDS, ids=str)
@pytest.mark.parametrize("keys", [[], ["left"] * 30], ids=["before", "behind"])
def test_names_stand_in_the_order_of_their_sheets_below_them(look, press, shipped, hidden, keys):
    window = look(model_of(shipped, *hidden))
    press(window, *keys)
    sheets, (left, _, width, _) = window.view.sheets, window.view.room
    names = [sheet.title.bounds()[0] for sheet in sheets]
    edges = [sheet.picture.outline()[:, 0].min() for sheet in sheets]
    assert list(np.argsort(names)) == list(np.argsort(edges))
    column = min(width / len(sheets), LABELS_WIDTH * window.surface.leading)
    assert (np.diff(sorted(names)) >= column - 1e-6).all()
    assert left <= min(names)
    assert max(names) <= left + width - column + 1e-6
    assert len(sheets) > 2 or names == pytest.approx(edges, abs=60)


@pytest.mark.parametrize(("starts", "found"), [
    ([0, 10, 300], [5, 105, 300]), ([900, 20, 500], [900, 20, 500]), ([950, 940, 0], [905, 805, 5])])
def test_columns_stand_beside_each_other_as_near_as_can_be(starts, found):
    assert list(place_columns(np.array(starts, float), 100, 5, 1005)) == found


def test_it_is_looked_at_from_there_when_one_comes_back(look, press):
    window = look()
    press(window, "left", "left", "+")
    plane = window.view.digit.picture.plane
    press(window, "e", "o")
    assert window.view.digit.picture.plane == pytest.approx(plane)
    assert window.session.camera.count == 100


def test_the_mouse_turns_moves_and_zooms(look, drag):
    window = look()
    camera, (x, y) = window.session.camera, empty_point(window)
    yaw, pitch = camera.angles
    drag(window, [(x, y), (x + 30, y + 10), (x + 60, y + 25)])
    assert camera.angles == (pytest.approx(yaw + 24), pytest.approx(pitch - 10))
    drag(window, [(x, y), (x + 30, y - 10)], button=3)
    assert camera.offset == (30, -10)
    pixel = window.view.digit.picture.cell_bounds(14, 14)
    at = center(pixel)
    wheel(window, *at, 2)
    assert camera.zoom == pytest.approx(1.44)
    assert center(window.view.digit.picture.cell_bounds(14, 14)) == pytest.approx(at, abs=0.5)
    wheel(window, *at, -2)
    assert window.view.digit.picture.cell_bounds(14, 14) == pytest.approx(pixel)
    wheel(window, 5, 5, 3)
    assert camera.zoom == pytest.approx(1)


def click(window, drag, x, y):
    drag(window, [(x, y), (x + 1, y)])


def test_a_neuron_clicked_is_chosen_everywhere_and_once_more_opened_and_a_drag_chooses_none(
        look, press, mouse, drag, shipped):
    window = look(model_of(shipped, 64, 37))
    sheet = window.view.sheets[1]
    cell = next(cell for cell in np.ndindex(8, 8)
                if window.view.panel_at(*center(sheet.picture.cell_bounds(*cell))) == (sheet, cell))
    point = center(sheet.picture.cell_bounds(*cell))
    drag(window, [point, (point[0] + 40, point[1])])
    assert not window.session.selection.is_selected(0, sheet.neuron_at(*cell))
    drag(window, [(point[0] + 40, point[1]), point])
    click(window, drag, *point)
    neuron = sheet.neuron_at(*cell)
    assert window.session.selection.is_selected(0, neuron)
    assert window.readout.line.text.startswith(f"layer 1 neuron {neuron} ")
    mouse(window, 2, 2)
    press(window, "e")
    assert window.readout.line.text.startswith(f"layer 1 neuron {neuron} ")
    press(window, "escape")
    click(window, drag, *point)
    assert window.view.title == "neuron"


@pytest.mark.parametrize("layer", [0, 1])
def test_a_connection_clicked_is_chosen_with_its_ends_and_once_more_explained(look, press, drag, mouse, layer):
    window = look()
    session, web = window.session, window.view.connections
    press(window, *["tab"] * 3, *["left"] * (1 - layer))
    one = web.layer_connections[layer]
    place = next(place for place in range(75) if layer == 0 or one.targets[place] != session.selected_class)
    press(window, *["down"] * place)
    _, ring = web.describe(session, place, layer)
    press(window, "escape")
    click(window, drag, *center(ring))
    source, target = int(one.sources[place]), int(one.targets[place])
    assert session.selection.is_selected(0, source if layer else target)
    assert not layer or session.selected_class == target
    mouse(window, 2, 2)
    begin = f"neuron {source}" if layer else f"pixel row {source // 28}, column {source % 28}"
    resting = f"{begin} → {'output' if layer else 'neuron'} {target} pushes"
    assert window.readout.line.text.startswith(resting)
    click(window, drag, *center(ring))
    assert window.view.title == ("why" if layer else "how it works")
    mouse(window, 2, 2)
    press(window, "o")
    assert window.readout.line.text.startswith(resting)
    press(window, "0" if session.selected_class else "1")
    assert not window.readout.line.text.startswith(resting)


def test_a_connection_to_an_output_answers_which_class_to_compare_with(look, press, drag):
    window = look()
    session, one = window.session, window.view.connections.layer_connections[1]
    place = next(
        place for place in range(75) if one.targets[place] not in (session.selected_class, session.contrast_class)
    )
    _, ring = window.view.connections.describe(session, place, 1)
    other, asked = window.view.connections.describe(session, 0, 0)[1], session.selected_class
    press(window, "v")
    click(window, drag, *center(other))
    assert session.selection.awaits_contrast_class
    click(window, drag, *center(ring))
    assert (session.selected_class, session.contrast_class, session.selection.awaits_contrast_class) == (
        asked,
        one.targets[place],
        False,
    )


def test_a_connection_between_hidden_layers_opens_how_its_sum_comes_about(look, press, shipped):
    window = look(model_of(shipped, 64, 37))
    session, one = window.session, window.view.connections.layer_connections[1]
    press(window, *["tab"] * 4, "left", "enter")
    assert session.selection.is_selected(1, one.targets[0])
    assert session.selection.neurons[0] == one.sources[0]
    press(window, "enter")
    assert window.view.title == "how it works"


def test_a_lamp_clicked_is_the_class_asked_about(look, drag, mouse):
    window = look()
    chosen = (window.session.selected_class + 3) % 10
    point = window.view.output_nodes.points[chosen]
    mouse(window, *point)
    assert window.readout.line.text.startswith(f"output {chosen} score: bias + pushes")
    click(window, drag, *point)
    assert window.session.selected_class == chosen
    assert window.readout.line.text.startswith(f"output {chosen} ")
    mouse(window, 2, 2)
    assert f"→ output {chosen} " in window.readout.line.text
    assert window.view.output_nodes.lead_lines.colors[chosen, :3] == pytest.approx(
        np.divide(rgb(THEMES["dark"].muted), 255)
    )
    assert window.view.output_nodes.lead_lines.colors[chosen - 1, :3] == pytest.approx(
        np.divide(rgb(THEMES["dark"].hairline), 255)
    )
    click(window, drag, *point)
    assert window.view.title == "why"


def test_the_readout_rests_on_the_strongest_drawn_that_pushes_the_class_asked_about(look, press):
    window = look()
    session, one = window.session, window.view.connections.layer_connections[1]
    pushed = np.unique(one.targets[one.contributions > 0])[:2]
    assert len(pushed) == 2
    for key in map(str, pushed):
        press(window, key)
        row = np.flatnonzero((one.targets == int(key)) & (one.contributions > 0))[0]
        assert session.selected_class == int(key)
        said, push = window.readout.line.text, float(one.contributions[row])
        assert said.startswith(f"neuron {one.sources[row]} → output {key} pushes by activation × weight ")
        assert f"= {signed(push, decimals_needed(push))} number {row + 1} by size into the outputs none pushes" in said
        ends = window.readout.ring.around.points
        assert ends[0] == pytest.approx(window.view.points(1, one.sources[[row]])[0])
        assert ends[1] == pytest.approx(window.view.output_nodes.points[int(key)])


def test_without_hidden_layer_it_rests_on_a_pixel_that_pushes_the_class_asked_about(look, press, shipped):
    window = look(model_of(shipped))
    press(window, "7")
    assert "→ output 7 " in window.readout.line.text
    press(window, *["-"] * 9)
    for key in "0123456789":
        press(window, key)
        row = next((row for row in range(5) if window.view.connections.layer_connections[0].targets[row] == int(key)
                    and window.view.connections.layer_connections[0].contributions[row] > 0), None)
        assert f"→ output {key} " in window.readout.line.text
        assert ("not among those drawn" in window.readout.line.text) == (row is None)


def test_of_a_neuron_chosen_it_says_the_ledgers_own_push_against_the_other_class(look):
    window = look()
    session = window.session
    account = attribution(
        session.network_float64,
        session.network_float64.forward(session.image),
        session.selected_class,
        session.contrast_class,
    )
    for source in np.argsort(-account.contributions)[:3]:
        session.selection.select_neuron(0, int(source))
        window.refresh()
        said = window.readout.line.text
        own = float(session.network_float64.layers[1].weights[source, session.selected_class] * account.inputs[source])
        assert f"= {signed(own, decimals_needed(own))} " in said
        found = re.search(
            rf"pushes {session.selected_class} against {session.contrast_class} by (\S+ × \S+) = (\S+)", said
        ).groups()
        assert float(found[1]) == pytest.approx(account.contributions[source], abs=0.006)
        assert read(found[0]) == pytest.approx(account.contributions[source], abs=0.02)
        assert ("the largest push of all" in said) == (source == account.contributions.argmax())
        drawn = window.view.connections.layer_connections[1].index_of(source, session.selected_class) is not None
        assert ("not among those drawn" in said) != drawn


def test_the_sheet_in_front_is_pointed_at(look, press, mouse):
    window = look()
    press(window, *["left"] * 8)  # the hidden sheet stands before the digit
    digit, sheet = (one.picture for one in window.view.sheets)
    assert (
        sheet.get_zorder()
        < window.view.output_nodes.lead_lines.get_zorder()
        < window.view.output_nodes.dots.get_zorder()
    )
    both = [(row, column) for row, column in np.ndindex(16, 16)
            if digit.cell_at(*center(sheet.cell_bounds(row, column)))]
    assert both
    mouse(window, *center(sheet.cell_bounds(*both[0])))
    assert window.readout.line.text.startswith("neuron ")
    press(window, *["left"] * 30)  # from behind
    assert digit.get_zorder() > sheet.get_zorder()
    mouse(window, *next(center(digit.cell_bounds(row, column)) for row, column in np.ndindex(28, 28)
                       if sheet.cell_at(*center(digit.cell_bounds(row, column)))))
    assert window.readout.line.text.startswith("pixel row ")


def test_the_way_of_the_signal_is_played_and_ends_in_the_still_picture(look, press):
    window = look()
    view, now = window.view, [10.0]
    view.playback.clock = lambda: now[0]
    still = window.readout.line.text
    press(window, " ")
    assert view.playback.playing
    lights = []
    for step in range(5):
        now[0] = 10 + PLAYBACK_S * step / 4.01
        view.playback.on_timer()
        for layer, strands in enumerate(view.connections.lines):
            spots = [view.connections.cell_at(window.session, *point) for point in strands.ends.mean(axis=1)]
            assert any(spot and spot[1] == layer for spot in spots) == (strands.light >= 1)
        lights.append((*(strands.light for strands in view.connections.lines), view.sheets[1].picture.light))
        assert (window.readout.line.text, window.readout.ring.around) == (still, None)
        assert view.outputs.bars[view.outputs.order.index(window.session.selected_class)].bounds[2] > 1
    assert view.digit.picture.light == 1
    assert lights[0] == (0, 0, 0)
    assert lights == sorted(lights)
    now[0] += PLAYBACK_S
    view.playback.on_timer()
    assert not view.playback.playing
    assert all(strands.light == 1 for strands in view.connections.lines)
    assert window.readout.ring.around is not None
    press(window, " ", " ")
    assert not view.playback.playing
    press(window, " ", "escape")
    assert not view.playback.playing
    press(window, " ", "e")
    assert not view.playback.playing


def test_it_follows_another_network_and_one_of_another_shape(look, press, shipped):
    window = look()
    session = window.session
    before, cells = window.view.connections.layer_connections[0], window.view.sheets[1].picture.cells
    session.go_to_snapshot(2)
    window.refresh()
    assert window.view.connections.layer_connections[0] is not before
    assert (window.view.sheets[1].picture.cells != cells).any()
    session.show_network(model_of(shipped, 30, 20).network, "epoch 1 of 3")
    window.reopen()
    assert len(window.view.sheets) == 3
    assert len(window.view.connections.layer_connections) == 3


def test_a_silenced_neuron_pushes_nothing(look, press):
    window = look()
    neuron = window.session.neuron
    press(window, *["+"] * 9, "x")
    assert neuron not in window.view.connections.layer_connections[1].sources
    window.message = None
    window.refresh()
    weight = window.session.base_network.layers[1].weights[neuron, window.session.selected_class]
    fire = np.count_nonzero(window.session.trace.activations[0]) - 1
    assert window.view.sheets[1].caption.text.startswith(f"{fire} fire, {256 - fire} stay at 0")
    assert "would give " in window.readout.line.text
    assert (
        f"weight {signed(float(weight), decimals_needed(float(weight), 3))} but it is silenced"
        in window.readout.line.text
    )
    assert window.view.sheets[1].picture.crossed.sum() == 1
    press(window, "enter")
    window.figure.canvas.draw()


def test_nothing_pushes_where_there_is_no_ink(look, press, embedded, shipped):
    blank = replace(embedded, test=replace(embedded.test, pixels=0 * embedded.test.images))
    window = look(model_of(shipped, 16), blank)
    assert window.view.connection_summary.line.text.startswith("the 75 strongest into each layer: 0 of 0 into")
    press(window, "tab", "tab", "tab")
    assert window.readout.line.text
    window.figure.canvas.draw()


def test_a_network_without_hidden_layer_shows_how_pixels_push_the_outputs(look, press, drag, shipped):
    window = look(model_of(shipped))
    assert len(window.view.sheets) == len(window.view.connections.layer_connections) == 1
    one = window.view.connections.layer_connections[0]
    assert window.readout.line.text.startswith("pixel row ")
    assert f"→ output {window.session.selected_class} " in window.readout.line.text
    press(window, "tab", "tab", "enter")
    assert window.session.selected_class == one.targets[0]
    window.figure.canvas.draw()


def test_large_networks_show_all_neurons_and_say_how_many_connections(look, shipped):
    window = look(model_of(shipped, 2048, 1024))
    assert [sheet.shape for sheet in window.view.sheets] == [(28, 28), (32, 64), (32, 32)]
    assert "the 75 strongest into each layer: 225 of " in window.view.connection_summary.line.text
    window.figure.canvas.draw()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "leaky-relu"])
def test_activations_of_every_kind(look, press, shipped, activation):
    window = look(model_of(shipped, 64, 30, activation=activation, head="sigmoid"))
    press(window, "enter", "tab", "tab")
    window.figure.canvas.draw()
    strength = window.view.sheets[1].picture.strength
    assert 0 <= strength.min() < strength.max() <= 1


def test_lamps_are_as_large_as_their_outputs(look):
    window = look()
    outputs, radii = window.session.trace.outputs[0], window.view.output_nodes.dots.radii
    assert radii == pytest.approx(SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * outputs)


def test_the_layer_chosen_is_marked_by_its_edge(look, press, shipped):
    window = look(model_of(shipped, 64, 37))
    theme = THEMES["dark"]
    for key, edges in (("]", (theme.faint, theme.muted)), ("[", (theme.muted, theme.faint))):
        press(window, key)
        assert tuple(sheet.picture.edge for sheet in window.view.sheets[1:]) == edges
