"""A sheet of cells that stands in space: where it is drawn, a point finds the same cell; it glows."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neuralscope.visualizer.drawing.heatmap3d import Heatmap3D
from neuralscope.visualizer.drawing.projection import Projection, Scene
from neuralscope.visualizer.session.camera import Camera

ROOM = 10, 10, 380, 280


@pytest.fixture
def figure():
    made = Figure(figsize=(4, 3), dpi=100, facecolor="black")
    FigureCanvasAgg(made)
    return made


def pane_of(figure, angles, values, zoom=1.0, **masks):
    """Return a Pane of red cells as strong as ``values`` (rows, columns)."""
    pane = figure.add_artist(Heatmap3D("#00ff00", "#202020"))
    cells = np.zeros((*values.shape, 4), np.uint8)
    cells[..., 0], cells[..., 3] = np.rint(255 * values), 255
    camera, space = Camera(), Scene([values.shape], 10)
    camera.angles = angles
    camera.zoom_by(zoom)
    projection = Projection(camera, ROOM, space.corners())
    pane.room, pane.plane, pane.strength = ROOM, projection.plane(space.frame(0)), values
    pane.set_cells(cells, **masks)
    return pane


def drawn(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].astype(int)


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("angles", [(-60, 10), (60, 30), (-90, 0), (120, -20)])
def test_each_cell_is_seen_where_the_mouse_finds_it(figure, angles, dpi):
    figure.set_dpi(dpi)
    values = np.random.default_rng(0).uniform(0.3, 1, (5, 7))
    pane = pane_of(figure, angles, values)
    shown = drawn(figure)
    for row, column in np.ndindex(values.shape):
        left, bottom, width, height = pane.cell_bounds(row, column)
        x, y = left + width / 2, bottom + height / 2
        assert pane.cell_at(x, y) == (row, column)
        assert shown[int(y * dpi / 100), int(x * dpi / 100), 0] == pytest.approx(255 * values[row, column], abs=3)


def test_nothing_leaves_the_room_and_nothing_is_found_there(figure):
    pane = pane_of(figure, (-70, 10), np.ones((3, 3)), zoom=6.0)
    shown = drawn(figure)
    assert shown[11:289, 11:389].any(axis=2).mean() > 0.9
    shown[10:290, 10:390] = 0
    assert not shown.any()
    assert pane.cell_at(200, 150)
    assert pane.cell_at(5, 150) is None


def test_from_its_edge_there_is_no_cell_to_find(figure):
    pane = pane_of(figure, (0, 0), np.ones((3, 3)))
    drawn(figure)
    left, bottom = pane.outline().min(axis=0)
    assert pane.cell_at(left, bottom + 5) is None


def test_what_is_bright_glows_beyond_the_sheet_and_what_is_dark_is_of_glass(figure):
    bright, dark = (pane_of(figure, (-80, 0), np.full((4, 4), value)) for value in (1.0, 0.0))
    x, y = int(bright.outline()[:, 0].min()) - 4, int(bright.outline()[:, 1].mean())
    dark.set_visible(False)
    assert drawn(figure)[y, x, 0] > 20
    bright.set_visible(False)
    dark.set_visible(True)
    assert (drawn(figure)[y, x] == 0).all()
    figure.set_facecolor("#0000ff")
    assert 50 < drawn(figure)[y, x + 40, 2] < 150  # what lies behind it is seen through it


def test_without_light_it_shows_nothing_of_its_cells_and_with_some_a_part(figure):
    pane, reds = pane_of(figure, (-80, 0), np.ones((4, 4))), []
    x, y = map(int, pane.outline().mean(axis=0))
    for pane.light in (0, 0.5, 1):
        reds.append(drawn(figure)[y + 5, x + 5, 0])
    assert reds[0] < 30
    assert 100 < reds[1] < 180
    assert reds[2] == 255


def test_empty_cells_are_striped_and_silenced_ones_crossed(figure):
    values, mask = np.full((2, 2), 0.6), np.array([[False, True], [False, False]])
    plain = pane_of(figure, (-90, 0), values)
    before = drawn(figure)
    plain.remove()
    for masks in ({"empty": mask}, {"crossed": mask, "cross": (255, 255, 255)}):
        pane = pane_of(figure, (-90, 0), values, **masks)
        changed = (drawn(figure) != before).any(axis=2)
        x, y = pane.outline().mean(axis=0)
        assert changed[int(y) + 5:, int(x) + 5:].any()
        assert not changed[:int(y) - 30, :int(x) - 30].any()
        pane.remove()


def test_the_same_cells_again_are_no_work(figure):
    pane = pane_of(figure, (-80, 0), np.full((4, 4), 0.5))
    drawn(figure)
    known = pane._images
    pane.set_cells(pane.cells.copy())
    assert pane._images is known
    pane.set_cells(pane.cells // 2)
    assert pane._images is not known


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_it_goes_into_vector_files(figure, kind):
    pane_of(figure, (-80, 0), np.ones((4, 4)))
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    assert len(file.getvalue()) > 5000
