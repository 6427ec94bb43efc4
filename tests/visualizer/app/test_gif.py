"""Films: a frame for each snapshot, written whole or not at all, from the command line and in the window."""

import dataclasses
import itertools
import math
import os
import shutil

import numpy as np
import pytest
from PIL import Image, ImageSequence

from neuralscope.errors import InputError
from neuralscope.formatting import signed
from neuralscope.network import storage
from neuralscope.visualizer.__main__ import main
from neuralscope.visualizer.app import gif
from neuralscope.visualizer.app.window import MainWindow
from neuralscope.visualizer.drawing.theme import THEMES, color_values, rgb
from neuralscope.visualizer.views import FILMED_VIEWS
from neuralscope.visualizer.views.snapshots.film_view import FilmView
from tests.helpers.networks import model_of, snapshots_of
from tests.helpers.views import SIZES, check_layout, tick

pytestmark = pytest.mark.usefixtures("warm")


def frames(path):
    """Return the frames of a film as arrays, and for how many milliseconds each is shown."""
    with Image.open(path) as film:
        every = [(np.asarray(frame.convert("RGB")), frame.info["duration"]) for frame in ImageSequence.Iterator(film)]
        return tuple(zip(*every, strict=True))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return the path of a small network's weights, trained with snapshots."""
    from neuralscope.network.__main__ import main as train

    path = tmp_path_factory.mktemp("trained") / "small.npz"
    train(["--dataset", "digits", "--epochs", "3", "--hidden", "12", "--augment", "none", "--snapshots", "--quiet",
           "--output", str(path)])
    return path


def few(model, dataset):
    """Return three snapshots."""
    return snapshots_of(model, dataset, (0, 1, 2))


@pytest.mark.parametrize(("title", "theme"), [("explore", "dark"), ("past", "light"), ("weights", "dark")])
def test_a_film_has_a_frame_for_each_snapshot(open_window, tmp_path, title, theme):
    session, view = open_window(snapshots=few).session, next(view for view in FILMED_VIEWS if view.title == title)
    path = tmp_path / "film.gif"
    assert len(list(gif.record_film(session, THEMES[theme], view, path))) == 3
    pictures, times = frames(path)
    assert times == (200, 200, 200 * (1 + gif.LAST_FRAME_REPEATS))
    assert all(picture.shape == (800, 1400, 3) for picture in pictures)
    assert all((picture[2, 2] == rgb(THEMES[theme].background)).all() for picture in pictures)
    assert all((one != other).any() for one, other in itertools.pairwise(pictures))
    assert os.listdir(tmp_path) == ["film.gif"]


def test_the_colours_of_a_film_are_those_of_the_window(open_window, tmp_path):
    session = open_window(snapshots=few).session
    theme, path = THEMES["dark"], tmp_path / "film.gif"
    list(gif.record_film(session, theme, FILMED_VIEWS[0], path))
    picture = frames(path)[0][-1]
    ink = session.image.reshape(28, 28)
    shown = picture[140 + 8:140 + 448:16, 41 + 8:41 + 448:16].astype(int)  # the middle of each pixel of the digit
    wanted = color_values(theme.ink, ink, 1)[..., :3].astype(int)
    assert (shown[ink == 0] == rgb(theme.zero)).all()
    assert np.abs(shown - wanted).max() <= 12


def test_colours_that_come_late_are_in_the_palette(open_window, tmp_path, monkeypatch):
    def from_nothing(model, dataset):
        found = few(model, dataset)
        first = found.networks[0]
        zeros = first.with_parameters({name: 0 * array for name, array in first.parameters.items()})
        return dataclasses.replace(found, networks=(zeros, *found.networks[1:]))

    def compare(self, frame):
        result = in_palette(self, frame)
        missed.append(np.abs(np.asarray(frame).astype(int) - np.asarray(result.convert("RGB"))).mean())
        return result

    missed, in_palette = [], gif.PaletteWriter._in_palette
    monkeypatch.setattr(gif.PaletteWriter, "_in_palette", compare)
    list(gif.record_film(open_window(snapshots=from_nothing).session, THEMES["light"], FilmView, tmp_path / "film.gif"))
    assert max(missed) < 0.1  # of 255


def test_the_scales_of_a_film_are_those_of_its_end(open_window, tmp_path, monkeypatch):
    session, tops = open_window(snapshots=few).session, []
    film = gif.record_film(session, THEMES["dark"], FILMED_VIEWS[0], tmp_path / "film.gif")
    for _ in film:
        tops.append(session.top("layer 0", 1e9))
    assert len(set(tops)) == 1
    session.holds_color_scales = False
    session.go_to_snapshot(2)
    assert tops[0] == session.top("layer 0", session.trace.activations[0].max())


def test_what_is_stopped_or_fails_leaves_what_was_there(open_window, tmp_path, monkeypatch):
    session, path = open_window(snapshots=few).session, tmp_path / "film.gif"
    path.write_bytes(b"before")
    film = gif.record_film(session, THEMES["dark"], FILMED_VIEWS[0], path)
    next(film)
    film.close()
    assert path.read_bytes() == b"before"

    def full(*arguments, **options):
        raise InputError("no room")

    monkeypatch.setattr(gif, "write_atomically", full)
    with pytest.raises(InputError, match="no room"):
        list(gif.record_film(session, THEMES["dark"], FILMED_VIEWS[0], path))
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["film.gif"]


def test_the_key_makes_a_film_while_the_window_goes_on(open_window, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    window = open_window(snapshots=few)
    press(window, "p", "home", "M")
    assert "making a film of 3 snapshots" in window.readout.line.text
    recording = window.view.recording
    tick(recording.timer)
    assert "frame 1 of 3" in window.readout.line.text
    assert window.session.network_label == "epoch 0 of 2"  # the film goes its own way
    press(window, "right")
    assert window.session.network_label == "epoch 1 of 2"
    while recording.timer:
        tick(recording.timer)
    path = tmp_path / "neuralscope-digits-7-past.gif"
    assert window.readout.line.text == f"saved {path}"
    assert len(frames(path)[0]) == 3
    assert not window.session.holds_color_scales
    press(window, "M")
    while recording.timer:
        tick(recording.timer)
    assert sorted(os.listdir(tmp_path)) == ["neuralscope-digits-7-past-2.gif", "neuralscope-digits-7-past.gif"]


@pytest.mark.parametrize("ends", [["M"], ["e"], ["home", "w"], ["e", "p", "M", "escape"]])
def test_a_film_that_is_stopped_is_not_saved(open_window, press, tmp_path, monkeypatch, ends):
    monkeypatch.chdir(tmp_path)
    window = open_window()
    press(window, "p", "M")
    recording = window.view.recording
    tick(recording.timer)
    press(window, *ends)
    assert recording.timer is None
    assert "the film was stopped, nothing was saved" in window.readout.line.text
    assert os.listdir(tmp_path) == []


def test_a_window_that_ends_says_that_its_film_was_stopped(open_window, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    window = open_window()
    press(window, "p", "M")
    assert window.close() == "the film was stopped, nothing was saved"
    assert window.close() == ""


def test_where_nothing_can_be_written_the_key_says_so(open_window, press, tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    window = open_window()
    press(window, "p", "M")
    assert window.readout.line.text.startswith("not saved: there is no current folder")
    assert window.view.recording.timer is None


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("hidden", [(), (12,), (64, 32), (2048,)])
def test_the_weights_are_shown_true_and_nothing_overlaps(open_window, mouse, shipped, size, hidden):
    opened = open_window(model_of(shipped, *hidden), size=size, snapshots=few)
    opened.session.go_to_snapshot(0)
    opened.close()
    window = MainWindow(opened.session, opened.figure, opened.surface.theme, (FilmView,))
    window.surface.redraw = lambda: None
    for place in (0, 2):
        window.session.go_to_snapshot(place)
        window.refresh()
        check_layout(window, size)
    mosaic, weights = window.view.mosaic, window.session.network.layers[0].weights
    top = float(mosaic.key.top.text.lstrip("≥ +±").removesuffix(" full"))
    for cell in ((0, 0), (29, 29), (40, 56)):
        neuron, pixel = mosaic.weight_at(*cell)
        wanted = color_values(window.surface.theme.signed, weights[pixel, neuron], top, signed=True)
        assert (mosaic.picture.cells[cell] == wanted).all()
        left, bottom, _, height = mosaic.picture.cell_bounds(*cell)
        mouse(window, math.ceil(left), math.floor(bottom + height))  # in whole pixels, and a cell may be one
        assert f"weight {signed(float(weights[pixel, neuron]), 3)}" in window.readout.line.text
    assert (mosaic.picture.cells[28::29] == 0).all()
    left, bottom, *_ = mosaic.picture.cell_bounds(28, 3)
    assert mosaic.cell_at(window.session, left + 0.2, bottom + 0.2) is None


@pytest.mark.parametrize("view", ["why", "weights"])
def test_the_command_line_makes_films(trained, tmp_path, capsys, view):
    path = tmp_path / "film.GIF"
    assert main(["--dataset", "digits", "--weights", str(trained), "--index", "3", "--view", view, "--theme", "light",
                 "--movie", str(path)]) == 0
    assert capsys.readouterr().out == f"4 frames in {path}\n"
    pictures, _ = frames(path)
    assert len(pictures) == 4
    assert (pictures[0][2, 2] == rgb(THEMES["light"].background)).all()


@pytest.mark.parametrize(("words", "told"), [
    (["--movie", "film.png"], "--movie film.png: films end in .gif"),
    (["--movie", ""], "films end in .gif"),
    (["--movie", "nowhere/film.gif"], "nowhere/film.gif: cannot be written"),
    (["--movie", "film.gif", "--weights", "alone.npz"], "alone.epochs.npz; to keep snapshots of a training"),
    (["--movie", "film.gif", "--save", "film.png"], "leave out --save"),
    (["--movie", "film.gif", "--browser"], "leave out --save"),
    (["--movie", "film.gif", "--view", "train"], "nothing moves in the view 'train'; choose one with --view, as past"),
    (["--movie", "film.gif", "--train"], "nothing moves in the view 'train'"),
    (["--movie", "film.gif", "--view", "learn this one"], "nothing moves in the view 'learn this one'"),
    (["--view", "weights"], "--view weights: is for films alone")])
def test_what_cannot_be_filmed_is_refused_in_a_line(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    shutil.copy(storage.find_weights(), "alone.npz")
    with pytest.raises(InputError) as refused:
        main(["--dataset", "digits", *words])
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert os.listdir(tmp_path) == ["alone.npz"]
