"""A view as a figure: that a notebook shows, that savefig saves, and that changes nothing else."""

import subprocess

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.datasets import load_digits, load_wine
from sklearn.neural_network import MLPClassifier

import neuralscope
from neuralscope.errors import InputError
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.widgets.origin_text import origin_wordings
from tests.helpers.environment import PROJECT, python

X, Y = load_digits(return_X_y=True)


@pytest.fixture(scope="module")
def trained():
    return neuralscope.train(X, Y, hidden=(16,), epochs=10, progress=False)


def test_it_is_a_figure_that_a_notebook_shows(trained):
    made = neuralscope.figure(trained, view="explore", digit=3)
    assert isinstance(made, Figure)
    assert made.axes  # IPython's print_figure passes over one without
    assert made.axes[0].get_window_extent().bounds == pytest.approx((0, 0, 1400, 800))  # else it is cut to the text
    assert made._repr_png_().startswith(b"\x89PNG")
    assert made.window.session.index == 3


@pytest.mark.parametrize(("ending", "beginning"), [
    ("png", b"\x89PNG"), pytest.param("pdf", b"%PDF", marks=pytest.mark.slow), ("svg", b"<?xml")])
def test_savefig_saves_it(trained, tmp_path, ending, beginning):
    path = tmp_path / f"still.{ending}"
    neuralscope.figure(trained, view="explore", size=(7, 4)).savefig(path)
    assert path.read_bytes().startswith(beginning)


@pytest.mark.slow
@pytest.mark.parametrize("view", [view.title for view in VIEWS])
def test_every_view_has_a_figure(trained, view):
    made = neuralscope.figure(trained, view=view)
    assert made.window.view.title == view
    made.canvas.draw()


def test_what_is_asked_about_can_be_chosen(trained):
    session = neuralscope.figure(trained, selected_class=4, contrast_class=9, neuron=5, digit=1).window.session
    assert (session.selected_class, session.contrast_class, session.neuron) == (4, 9, 5)


def test_rows_of_ones_own_stand_where_they_stood(trained):
    made = neuralscope.figure(trained, X, Y, digit=1000, view="explore").window.session
    np.testing.assert_allclose(made.image[0], X[1000] / 16)
    assert made.truth == Y[1000]
    assert not neuralscope.figure(trained, X, view="mistakes").window.session.has_labels
    assert neuralscope.figure(trained, X[5], view="explore").window.session.digits.pixels.shape == (1, 64)


@pytest.mark.parametrize("change", [lambda inks: inks * 16, lambda inks: (inks - 0.3) / 0.4, lambda inks: inks,
                                    lambda inks: np.rint(inks * 255).astype(np.uint8)])
def test_a_network_of_another_library_is_read_on_the_scale_on_which_it_was_fed(change):
    model, fed = MLPClassifier((16,), max_iter=30, random_state=0), change(X / 16)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        model.fit(fed, Y)
    session = neuralscope.figure(model, fed, Y, view="explore").window.session
    found = session.network.astype(float).forward(session.digits.images).outputs
    np.testing.assert_allclose(found, model.predict_proba(fed), atol=1e-5)


def test_where_another_scale_reads_surely_better_x_was_not_as_it_was_fed():
    model = MLPClassifier((16,), max_iter=30, random_state=0)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        model.fit(X / 16, Y)
    session = neuralscope.figure(model, X * 100, Y, view="explore").window.session
    assert (session.network.forward(session.digits.images).predictions == Y).mean() > 0.8


def of_sklearn(images, labels):
    with pytest.warns(UserWarning, match="Maximum iterations"):
        return MLPClassifier((16,), max_iter=20, random_state=0).fit(images, labels)


def test_without_labels_x_is_as_it_was_fed(capsys):
    model = of_sklearn(X, Y)
    session = neuralscope.figure(model, X, view="explore").window.session
    np.testing.assert_array_equal(session.network.forward(session.digits.images).predictions, model.predict(X))
    arrays = [array for pair in zip(model.coefs_, model.intercepts_, strict=True) for array in pair]
    with pytest.raises(InputError, match=r"leaves open the hidden activation.*; say it with activation="):
        neuralscope.figure(arrays, X)
    capsys.readouterr()
    neuralscope.figure(arrays, X, Y, view="explore")
    assert "--" not in capsys.readouterr().err  # Python has no options


@pytest.mark.parametrize(("called", "names"), [
    (lambda labels: labels + 1, tuple(map(str, range(1, 11)))), (lambda labels: labels * 2.0, tuple(map(str, range(
        0, 20, 2)))), (lambda labels: np.array(list("abcdefghij"))[labels], tuple("abcdefghij"))])
@pytest.mark.parametrize("count", [len(X), 20])
def test_labels_are_matched_by_their_names(called, names, count):
    model = of_sklearn(X, called(Y))
    for each in (model, neuralscope.NeuralScopeClassifier(hidden=(4,), epochs=1).fit(X, called(Y).astype(
            called(Y).dtype if called(Y).dtype.kind == "U" else int))):
        session = neuralscope.figure(each, X[:count], called(Y)[:count], view="explore").window.session
        assert session.dataset.class_names == names
        np.testing.assert_array_equal(session.digits.labels, Y[:count])


def test_a_network_of_measurements_is_read_as_they_are():
    data = load_wine()
    model = MLPClassifier((8,), max_iter=30, random_state=0)
    model.fit(data.data, data.target_names[data.target])
    session = neuralscope.figure(model, data.data, data.target_names[data.target],
                                 feature_names=data.feature_names).window.session
    assert session.dataset.class_names == ("class_0", "class_1", "class_2")
    np.testing.assert_allclose(session.network.astype(float).forward(data.data).outputs,
                               model.predict_proba(data.data), atol=1e-5)
    assert origin_wordings(session.model.metadata) == ("yours: your network",)  # nothing is folded in


def test_a_network_in_no_file_has_no_snapshots_and_says_so(trained):
    figure = neuralscope.figure(trained, view="past")
    assert str(figure.window.session.snapshot_choice.no_snapshots_reason).startswith("a network that is in no file")


def test_what_was_assumed_is_kept_and_what_is_broken_is_said(capsys):
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(64, 16)), rng.normal(size=(16, 10))
    first[:3, 7] = np.nan
    figure = neuralscope.figure([first, np.zeros(16), second, np.zeros(10)], X, Y, view="explore", activation="relu")
    said = capsys.readouterr().err
    assert "W1 has 3 NaN, all into neuron 7" in said
    assumed = figure.window.session.model.assumed
    assert assumed
    assert all(part in said for part in assumed)
    huge = neuralscope.Network.random((64, 16, 10), rng=rng)
    huge = huge.with_parameters({**huge.parameters, "W1": np.full((64, 16), 3e38, np.float32)})
    neuralscope.figure(huge, X, Y, view="check-up")
    assert "the network's sums overflow on your data" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "options", "problem"), [
    ((), {"view": "nope"}, "there is no view 'nope'"), ((), {"theme": "x"}, "there is no theme 'x'"),
    ((), {"digit": 300}, "digit is 300"), ((), {"size": (1, 1)}, "size is"), ((), {"neuron": 16}, "no neuron 16"),
    ((), {"selected_class": 10}, "no class 10"), ((X[:, :9], Y), {}, "X has 9 inputs a row, and the network takes 64"),
    ((X, Y + 1), {}, "give y - 1"), ((X, Y), {"class_names": "abc"}, "class_names has 3 names"),
    ((), {"view": ["why"]}, "there is no view"), ((), {"digit": "3"}, "digit is '3'"), ((), {"size": 3}, "size is 3"),
    ((), {"digit": 3.5}, "digit is 3.5"), ((), {"size": "big"}, "size is 'big'"), ((), {"neuron": "1"}, "no neuron 1"),
    ((X, Y), {"class_names": 5}, "class_names is 5"), ((X, Y), {"image_shape": 8}, "image_shape is 8"),
    ((X, Y), {"feature_names": 5}, "feature_names is 5"), ((), {"nope": 1}, "there is no option 'nope'"),
    ((X, Y[1:]), {}, "1,797 rows and y has 1,796 labels"), ((), {"scale": "0..1"},
     "scale is of networks from elsewhere")])
def test_what_cannot_be_shown_is_refused_in_a_line(trained, arguments, options, problem):
    with pytest.raises(InputError, match=problem) as caught:
        neuralscope.figure(trained, *arguments, **options)
    assert "\n" not in str(caught.value)


def test_words_are_classes_in_their_order_and_numbers_are_places(capsys):
    network = neuralscope.Network.random((64, 3, 2), rng=np.random.default_rng(0))
    words = np.array(["even", "odd"])[Y % 2]
    session = neuralscope.figure(network, X, words, view="explore").window.session
    np.testing.assert_array_equal(session.digits.labels, Y % 2)
    assert "classes are even, odd, in this order" in capsys.readouterr().err
    with pytest.raises(InputError, match="give y - 1"):
        neuralscope.figure(network, X, Y % 2 + 1)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        neuralscope.figure(tmp_path / "no.npz")


@pytest.mark.slow
def test_pyplot_stays_unloaded_and_settings_as_they_were():
    code = """if True:
        import matplotlib, sys
        before = dict(matplotlib.rcParams.copy())
        import neuralscope, numpy
        network = neuralscope.Network.random((4, 3, 2), rng=numpy.random.default_rng(0))
        neuralscope.figure(network, numpy.eye(4), [0, 1, 0, 1])
        assert dict(matplotlib.rcParams.copy()) == before
        print([name for name in ("matplotlib.pyplot", "sklearn", "torch") if name in sys.modules])"""
    done = subprocess.run(python(code), cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
