"""Each kind of fault is found by its own check, with what mends it; a network without one has none."""

import dataclasses

import numpy as np
import pytest

from neuralscope.api.checking import check
from neuralscope.checkup.checks import ALIVE, CHECKS, COVERAGE, DIFFER, LABELS, MOVED, SCALE
from neuralscope.checkup.network_check import data_of_dataset, run_checks
from neuralscope.checkup.subject import make_study
from neuralscope.data_loader import NO_LABEL, Digits
from neuralscope.network import Trainer, TrainingOptions, storage
from neuralscope.network.functions import one_hot
from neuralscope.network.model import Layer, Network
from neuralscope.network.presets import PRESETS

FINITE, WAY, SUMS = "numbers are numbers", "pictures the right way round", "outputs add up to 1"
GRADIENTS, LINEAR, UNSEEN = "gradients are right", "better than no hidden layer", "same on images it has not seen"


def failed(report):
    return {result.name for result in report.failed}


def result_of(report, name):
    return next(result for result in report.results if result.name == name)


def transposed(images):
    return images.reshape(-1, 28, 28).swapaxes(1, 2).reshape(len(images), -1)


def with_arrays(network, **changes):
    """Return a network of which some arrays are changed, each by a function of a copy."""
    arrays = {name: array.copy() for name, array in network.parameters.items()}
    for name, change in changes.items():
        change(arrays[name])
    return network.with_parameters(arrays)


def accuracy(network, images, labels):
    return (network.forward(images).predictions == labels).mean()


def test_a_good_network_passes_all(good, examine):
    report = examine(good)
    assert report.verdict == "✓ 11 checks, none fails"
    assert [result.name for result in report.results] == [each.name for each in CHECKS]
    assert {result.name for result in report.untried} == {GRADIENTS, LINEAR}  # too few images to tell the last
    assert all(result.explanation for result in report.results)


def test_the_shipped_network_passes_all(shipped, embedded):
    assert not run_checks(make_study(shipped.network, data_of_dataset(embedded)), "shipped").failed


@pytest.mark.slow
def test_the_quick_preset_passes_all_on_mnist(mnist_dir):
    from neuralscope.data_loader import load

    data = load("mnist", mnist_dir)
    options, rng = TrainingOptions(**PRESETS["quick"].differences), np.random.default_rng(0)
    trainer = Trainer(options.network(784, 10, rng), data.train, data.test, options, rng)
    for _ in range(options.epochs):
        network = trainer.finish_epoch().network
    report = run_checks(make_study(network, data_of_dataset(data)), "quick")
    assert not report.failed
    assert [result.name for result in report.untried] == [GRADIENTS]


@pytest.mark.parametrize("options", [
    {"hidden": (100,), "activation": "sigmoid", "loss": "squared-error", "init": "normal", "optimizer": "sgd",
     "learning_rate": 2.0, "epochs": 40},
    {"hidden": (64, 32)}, {"activation": "tanh", "init": "xavier"}, {"activation": "leaky-relu"},
], ids=lambda options: "-".join(map(str, options.values())))
def test_other_recipes_pass_all(learn, examine, options):
    assert not examine(learn(**options)).failed


@pytest.mark.parametrize(("way", "words", "turn"), [
    ("transposed", "trained on transposed pictures", transposed), ("inverted", "dark ink", lambda images: 1 - images),
    ("mirrored", "mirrored", lambda images: images.reshape(-1, 28, 28)[:, :, ::-1].reshape(len(images), -1)),
])
def test_pictures_the_wrong_way_round(learn, examine, mixed, way, words, turn):
    network = learn(turn(mixed.train.images), activation="leaky-relu", learning_rate=0.02, epochs=20)
    report = examine(network)
    found = result_of(report, WAY)
    assert failed(report) == {WAY}
    assert found.figure == way
    assert words in found.explanation
    right = accuracy(network, turn(mixed.test.images), mixed.test.labels)
    assert found.details["accuracies"][way] == pytest.approx(right, abs=0.004)
    assert found.remedy.endswith(f"{100 * found.details['accuracies'][way]:.2f} % of 599 pictures, measured")
    assert "(with line 3 mended)" in result_of(report, ALIVE).explanation


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_pixels_of_255(learn, mixed, activation):
    network = learn(activation=activation, epochs=15)
    images = (mixed.test.images * 255).astype(np.float32)
    report = check(network, images, mixed.test.labels, train=(mixed.train.images * 255, mixed.train.labels))
    found = result_of(report, SCALE)
    assert failed(report) == {SCALE}
    assert found.remedy.startswith("divide the inputs by 255: ")
    assert found.details["accuracies"]["0..1"] == pytest.approx(accuracy(network, mixed.test.images, mixed.test.labels),
                                                                abs=0.004)


def test_a_network_that_learned_another_scale(learn, examine, mixed):
    report = examine(learn(mixed.train.images * 2 - 1, learning_rate=0.01, epochs=20, activation="tanh"))
    assert failed(report) == {SCALE}
    assert "feed it inputs × 2 - 1" in result_of(report, SCALE).remedy


@pytest.mark.parametrize(("shift", "explanation", "remedy"), [
    (1, "each is one too high", "its labels begin at 1"), (-1, "each is one too low", "learn y, not y - 1"),
    (-3, "each is 3 too low", "learn y, not y - 3")])
def test_labels_that_are_off(learn, examine, mixed, shift, explanation, remedy):
    report = examine(learn(labels=(mixed.train.labels + shift) % 10))
    found = result_of(report, LABELS)
    assert failed(report) == {LABELS}
    assert explanation in found.explanation
    assert found.remedy.startswith(remedy)
    assert found.gain > 0.9
    assert (np.asarray(found.details["meanings"]) == (np.arange(10) - shift) % 10).all()


def test_two_faults_at_once_are_both_found(learn, examine, mixed):
    report = examine(learn(transposed(mixed.train.images), (mixed.train.labels - 1) % 10))
    assert failed(report) == {WAY, LABELS}
    assert report.advice == "mend line 3 first"


def test_relus_that_a_large_step_killed(learn, examine):
    report = examine(learn(learning_rate=5.0, epochs=3))
    assert failed(report) == {ALIVE, COVERAGE, LINEAR}
    assert [result_of(report, name).cause for name in (ALIVE, COVERAGE, LINEAR)] == ["", ALIVE, ALIVE]
    assert result_of(report, ALIVE).figure == "0 of 32"
    assert report.advice == "mend line 6 first: it mends 11 and 12 too"


def test_neurons_that_are_copies(good, examine, mixed):
    alive = np.flatnonzero((good.forward(mixed.test.images).activations[0] > 0).any(axis=0))
    first, second = map(int, alive[:2])
    network = with_arrays(good, W1=lambda array: np.copyto(array[:, second], array[:, first]))
    report = examine(network)
    assert failed(report) == {DIFFER}
    assert result_of(report, DIFFER).details["pair"] == (0, first, second)


def test_an_answer_whose_bias_outweighs_all(good, examine):
    report = examine(with_arrays(good, b2=lambda array: array.__setitem__(3, 1000.0)))
    found = result_of(report, COVERAGE)
    assert failed(report) == {COVERAGE}
    assert "it reads 3 in 100 % of 599, and never 0, 1, 2, 4" in found.explanation
    assert found.remedy.startswith("its b2 outweighs all else: with 0 in its place 9")


def test_a_first_layer_that_never_learned(mixed, examine):
    options = TrainingOptions(hidden=(300,), augment="none")
    network = options.network(784, 10, np.random.default_rng(0))
    hidden = network.forward(mixed.train.images).activations[0]
    size = float(hidden.max())
    last = TrainingOptions(hidden=(), epochs=20, optimizer="momentum", learning_rate=0.02, augment="none",
                           batch_size=50)
    digits, rng = Digits(hidden / size, mixed.train.labels), np.random.default_rng(1)
    trainer = Trainer(last.network(300, 10, rng), digits, digits, last, rng)
    for _ in range(last.epochs):
        learned = trainer.finish_epoch().network
    both = Network((network.layers[0], Layer(learned.layers[0].weights / size, learned.layers[0].biases, "softmax")))
    report = examine(both)
    assert MOVED in failed(report)
    assert failed(report) <= {MOVED, LINEAR}
    assert result_of(report, MOVED).figure == "W1 unmoved"
    assert all(result.cause in ("", MOVED) for result in report.failed)


def test_a_network_that_learned_nothing(examine):
    report = examine(TrainingOptions(hidden=(32,)).network(784, 10, np.random.default_rng(0)))
    assert result_of(report, MOVED).figure == "W1 and W2 unmoved"
    assert {MOVED, LINEAR} <= failed(report) <= {MOVED, COVERAGE, LINEAR}
    assert report.advice.startswith("mend line 8 first: it mends ")


def test_numbers_that_are_none(good, examine):
    network = with_arrays(good, W1=lambda array: array.__setitem__((slice(400, 402), 7), np.nan))
    report = examine(network)
    found = result_of(report, FINITE)
    assert failed(report) == {FINITE}
    assert found.figure == "2 of 25,450"
    assert found.explanation == "W1 has 2 NaN, all into neuron 7"
    assert "measured" in found.remedy
    assert found.gain > 0.8
    infinite = with_arrays(good, W2=lambda array: array.__setitem__((0, slice(None)), np.inf))
    assert result_of(examine(infinite), FINITE).explanation == "W2 has 10 infinite, into 10 neurons"


def test_a_network_that_learned_by_heart(learn, examine, mixed):
    few = Digits(mixed.train.images[:60], mixed.train.labels[:60])
    report = examine(learn(few.images, few.labels, epochs=60, batch_size=20), read_train=lambda: few)
    assert failed(report) == {UNSEEN}
    low, high = result_of(report, UNSEEN).details["gap_interval"]
    assert 0.02 < low < result_of(report, UNSEEN).details["gap"] < high


def test_gradients_that_are_given(good, examine, mixed):
    network = good.astype(float)
    right = network.gradients(network.forward(mixed.test.images), one_hot(mixed.test.labels, 10, float))
    report = examine(good, right)
    assert result_of(report, GRADIENTS).passed
    summed = result_of(examine(good, {name: 599 * array for name, array in right.items()}), GRADIENTS)
    assert "599 times too large, as summed over the images" in summed.explanation
    wrong = result_of(examine(good, {**right, "W1": -right["W1"]}), GRADIENTS)
    assert (wrong.figure, wrong.explanation) == ("W1", "W1: the right ones times -1")
    noise = result_of(examine(good, {"b2": right["b2"] + np.arange(10) * 1e-2}), GRADIENTS)
    assert noise.passed is False
    assert "b2 differs by" in noise.explanation


def test_what_has_no_labels_says_what_cannot_be_tried(good, examine, mixed):
    test = Digits(mixed.test.pixels, np.full(len(mixed.test), NO_LABEL))
    report = examine(good, test=test)
    assert not report.failed
    untried = {result.name for result in report.untried}
    assert {WAY, SCALE, LABELS, LINEAR, UNSEEN} <= untried
    assert {ALIVE, DIFFER, FINITE, COVERAGE, MOVED}.isdisjoint(untried)


@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_measurements_that_are_no_pictures(head):
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 400)
    rows = rng.normal(size=(400, 20)).astype(np.float32)
    rows[:, 0] += 4 * labels
    options = TrainingOptions(hidden=(8,), epochs=20, optimizer="momentum", learning_rate=0.05, augment="none",
                              batch_size=20, loss="cross-entropy" if head == "softmax" else "squared-error")
    digits = Digits(rows[:300], labels[:300])
    trainer = Trainer(options.network(20, 2, rng), digits, digits, options, rng)
    for _ in range(options.epochs):
        network = trainer.finish_epoch().network
    report = check(network, rows[300:], labels[300:], train=(rows[:300], labels[:300]), class_names=("no", "yes"))
    assert result_of(report, WAY).explanation == "its inputs are no pictures"
    assert result_of(report, SCALE).passed is None
    assert result_of(report, SUMS).passed is (True if head == "softmax" else None)
    swapped = check(network, rows[300:], 1 - labels[300:], class_names=("no", "yes"))
    assert "no means yes, yes means no" in result_of(swapped, LABELS).explanation


def test_the_best_of_many_renamings_is_no_claim(mixed, examine):
    """A network that reads next to nothing has a renaming under which it reads a little more: that is chance."""
    for seed in range(5):
        network = TrainingOptions(hidden=(16,)).network(784, 10, np.random.default_rng(seed))
        assert LABELS not in failed(examine(network))


def test_training_images_that_cannot_be_had_are_said(good, examine):
    report = examine(good, read_train=None)
    assert {MOVED, LINEAR, UNSEEN} <= {result.name for result in report.untried}
    assert "no training images were given" in result_of(report, UNSEEN).explanation


def test_a_file_is_opened(tmp_path, good, mixed):
    path = tmp_path / "mine.npz"
    storage.save(good, path, {})
    report = check(path, mixed.test.images, mixed.test.labels)
    assert report.subject == "mine.npz"
    assert not report.failed
    assert dataclasses.asdict(report.results[0])["figure"] == "25,450 numbers"
