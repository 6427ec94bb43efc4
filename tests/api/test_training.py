"""A network in a line of Python, and what the call leaves alone."""

import inspect
from dataclasses import fields

import numpy as np
import pytest
import threadpoolctl
from sklearn.datasets import load_digits, load_iris

import neuralscope
from neuralscope.api.training import fitting_options
from neuralscope.errors import InputError
from neuralscope.network.options import TrainingOptions

X, Y = load_digits(return_X_y=True)
IRIS, KINDS = load_iris(return_X_y=True)


def test_pictures_are_learned():
    network, history = neuralscope.train(X, Y, hidden=(32,), epochs=30, progress=False)
    assert network.sizes == (64, 32, 10)
    assert history["test_accuracy"][-1] > 0.9
    assert {len(values) for values in history.figures.values()} == {30}
    test = history.dataset.test
    found = (network.forward(test.images).predictions == test.labels).mean()
    assert found == pytest.approx(history["test_accuracy"][-1])
    assert repr(history).startswith("History(30 epochs in ")
    assert "black" in history.notice


def test_measurements_are_read_as_they_are_for_their_scale_is_folded_in():
    offset = IRIS + 100
    network, history = neuralscope.train(offset, KINDS, hidden=(16,), validation=25, epochs=60, progress=False)
    assert (network.forward(offset).predictions == KINDS).mean() > 0.9
    assert history["validation_accuracy"][-1] > 0.8  # of all classes, though the rows stand by class
    assert "standardised" in history.notice


def test_the_same_seed_gives_the_same_network():
    one, same, other = (neuralscope.train(IRIS, KINDS, hidden=(4,), epochs=3, seed=seed, progress=False).network
                        for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.layers[0].weights, same.layers[0].weights)
    assert not np.allclose(one.layers[0].weights, other.layers[0].weights)


def test_threads_and_random_state_stay_as_they_were():
    def state():
        threads = [pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
        return threads, np.random.get_state()[1].tolist()

    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        before = state()
        neuralscope.train(IRIS, KINDS, hidden=(4,), epochs=2, progress=False)
        assert state() == before


def test_every_option_of_a_training_is_a_keyword():
    parameters = inspect.signature(neuralscope.train).parameters
    assert {field.name for field in fields(TrainingOptions)} <= set(parameters)
    assert parameters["augment"].default == "none"


def test_one_class_is_nothing_to_tell_apart():
    with pytest.raises(InputError, match="all of y is 0"):
        neuralscope.train(X, Y * 0, progress=False)


@pytest.mark.parametrize(("count", "batch_size", "epochs"), [(60000, 128, 7), (1500, 128, 250), (125, 12, 273),
                                                             (3, 1, 300), (10**6, 128, 5)])
def test_there_are_steps_enough_for_any_count_of_rows(count, batch_size, epochs):
    options = fitting_options({"epochs": None}, count)
    assert (options.batch_size, options.epochs) == (batch_size, epochs)


@pytest.mark.parametrize(("options", "problem"), [
    ({"hiden": 3}, "there is no option 'hiden'"), ({"activation": "rleu"}, "activation is 'rleu': choose one of relu"),
    ({"validation": 1500}, "validation is 1500"), ({"augment": "elastic"}, "warps pictures of 784 pixels"),
    ({"batch_size": 10**6}, "batch_size is 1000000"), ({"seed": -1}, "seed is -1"), ({"seed": "a"}, "seed is 'a'"),
    ({"threads": -1}, "threads is -1"), ({"test_share": "a"}, "test_share is 'a'"),
    ({"y_test": Y}, "y_test is given, and X_test is not"), ({"feature_names": 5}, "feature_names is 5")])
def test_a_wrong_option_is_refused_by_its_name(options, problem):
    with pytest.raises(InputError, match=problem) as caught:
        neuralscope.train(X, Y, progress=False, **options)
    assert "--" not in str(caught.value)


def test_without_labels_nothing_is_learned():
    with pytest.raises(InputError, match="no labels"):
        neuralscope.train(X, None)


def test_a_bar_and_what_was_assumed_go_to_standard_error(capsys):
    neuralscope.train(IRIS, KINDS, epochs=2)
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("neuralscope: 25 of 150 rows")
    assert "2/2" in err
