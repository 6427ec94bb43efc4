"""The Trainer: what a step does, what an epoch reports, and that a restored state continues bit for bit."""

import dataclasses
import functools
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.images.augmentation import AUGMENTATIONS, FADE_END_STRENGTH
from neuralscope.network import (
    ACTIVATIONS,
    INITIALIZERS,
    OPTIMIZERS,
    SCHEDULES,
    DivergenceError,
    Network,
    Trainer,
    TrainingOptions,
    batches,
    evaluate,
    one_hot,
    options,
    train,
)
from neuralscope.network import trainer as trainer_module
from neuralscope.network.functions import LOSSES

pytestmark = pytest.mark.usefixtures("warm")  # digits need seconds to be decoded
DIGITS = load_digits()
PICTURES = np.kron(DIGITS.images / 16, np.ones((1, 3, 3))).reshape(-1, 576).astype(np.float32)
TRAIN = Digits(PICTURES[:1000], DIGITS.target[:1000].astype(np.int64))
TEST = Digits(PICTURES[1000:], DIGITS.target[1000:].astype(np.int64))
SMALL = TrainingOptions(epochs=3, hidden=(20,), batch_size=64, optimizer="momentum", learning_rate=0.1,
                        weight_decay=0.0, augment="none")


def trainer(chosen=SMALL, learned=TRAIN):
    rng = np.random.default_rng(chosen.seed)
    return Trainer(chosen.network(learned.images.shape[1], 10, rng), learned, TEST, chosen, rng)


def same(one, other):
    assert one.parameters.keys() == other.parameters.keys()
    for name, array in one.parameters.items():
        np.testing.assert_array_equal(array, other.parameters[name])


@pytest.mark.parametrize("hidden", [(), (20,), (24, 16)], ids=str)
def test_it_learns_real_digits(hidden):
    reports = list(train(trainer(dataclasses.replace(SMALL, epochs=10, hidden=hidden))))
    assert [report.epoch for report in reports] == list(range(1, 11))
    assert reports[-1].test_accuracy > 0.85
    assert reports[-1].train_accuracy > 0.95
    assert reports[-1].loss < reports[0].loss / 2


def test_the_same_numbers_as_scikit_learn(monkeypatch):
    """Same start, same batches, no schedule: after three epochs the same weights to 12 digits."""
    images, labels = TRAIN.images.astype(np.float64), TRAIN.labels
    theirs = {"hidden_layer_sizes": (20,), "solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False, "alpha": 0,
              "batch_size": 96, "shuffle": False, "random_state": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        start = MLPClassifier(**theirs, learning_rate_init=1e-300, max_iter=1).fit(images, labels)
        end = MLPClassifier(**theirs, learning_rate_init=0.05, max_iter=3).fit(images, labels)

    chosen = dataclasses.replace(SMALL, batch_size=96, learning_rate=0.05)
    drawn = chosen.network(576, 10, np.random.default_rng(0))
    network = drawn.with_parameters({"W1": start.coefs_[0], "b1": start.intercepts_[0],
                                     "W2": start.coefs_[1], "b2": start.intercepts_[1]})
    monkeypatch.setitem(trainer_module.SCHEDULES, "cosine", lambda progress: 1.0)
    in_order = SimpleNamespace(permutation=np.arange, integers=lambda high: 0)
    *_, last = train(Trainer(network, Digits(images, labels), TEST, chosen, in_order))
    for name, array in {"W1": end.coefs_[0], "b1": end.intercepts_[0],
                        "W2": end.coefs_[1], "b2": end.intercepts_[1]}.items():
        np.testing.assert_allclose(last.network.parameters[name], array, rtol=1e-9, atol=1e-12)
    assert last.loss == pytest.approx(end.loss_, rel=1e-9)


def test_every_image_is_learned_once_an_epoch_and_the_order_changes(monkeypatch):
    seen, learn = [], Trainer.learn
    monkeypatch.setattr(Trainer, "learn", lambda self, images, labels: seen.append((images.copy(), labels)) or
                        learn(self, images, labels))
    numbered = Digits(np.arange(1000, dtype=np.float32)[:, np.newaxis] / 1000, np.arange(1000) % 10)
    rng = np.random.default_rng(0)
    subject = Trainer(SMALL.network(1, 10, rng), numbered, numbered, SMALL, rng)
    list(train(subject))
    assert [len(labels) for _, labels in seen[:16]] == [64] * 15 + [40]
    epochs = [np.rint(np.concatenate([images for images, _ in seen[start:start + 16]])[:, 0] * 1000).astype(int)
              for start in (0, 16)]
    for numbers, start in zip(epochs, (0, 16), strict=True):
        np.testing.assert_array_equal(np.sort(numbers), np.arange(1000))
        np.testing.assert_array_equal(numbers % 10, np.concatenate([labels for _, labels in seen[start:start + 16]]))
    assert (epochs[0] != epochs[1]).any()


def test_report_tells_the_truth():
    subject = trainer()
    losses = [subject.step().loss for _ in range(16)]
    report = subject.finish_epoch()
    counts = [64] * 15 + [40]
    assert report.loss == pytest.approx(np.dot(losses, counts) / 1000)
    judged = evaluate(report.network, TEST.images, TEST.labels)
    assert report.test_accuracy == judged.accuracy
    assert report.test_loss == pytest.approx(judged.loss, rel=1e-6)
    assert report.validation_accuracy is None
    assert report.seconds > 0


def test_train_accuracy_is_of_the_images_as_they_were_learned():
    tiny = dataclasses.replace(SMALL, batch_size=0)  # one step an epoch: the accuracy before it
    subject = trainer(tiny)
    before = evaluate(subject.network, TRAIN.images, TRAIN.labels)
    report = subject.finish_epoch()
    assert report.train_accuracy == before.accuracy
    assert report.loss == pytest.approx(before.loss, rel=1e-6)


def test_a_report_is_never_changed_by_later_steps():
    subject = trainer()
    given = subject.options.network(576, 10, np.random.default_rng(0))
    first = subject.finish_epoch().network
    before = {name: array.copy() for name, array in first.parameters.items()}
    subject.finish_epoch()
    for name, array in first.parameters.items():
        np.testing.assert_array_equal(array, before[name])
        assert not array.flags.writeable
    same(given, trainer().network)


def test_same_seed_same_weights_another_seed_others():
    ends = [list(train(trainer(dataclasses.replace(SMALL, seed=seed))))[-1].network for seed in (1, 1, 2)]
    same(ends[0], ends[1])
    assert (ends[0].parameters["W1"] != ends[2].parameters["W1"]).any()


@pytest.mark.parametrize("steps", [0, 5, 16, 20])
def test_a_restored_state_continues_bit_for_bit(steps):
    first = trainer()
    for _ in range(steps):
        if first.epoch_is_over:
            first.finish_epoch()
        first.step()
    state = first.state
    straight = list(train(first))

    second = trainer(dataclasses.replace(SMALL, seed=9))
    second.state = state
    continued = list(train(second))
    assert [report.epoch for report in continued] == [report.epoch for report in straight]
    for one, other in zip(straight, continued, strict=True):
        same(one.network, other.network)
        assert (one.loss, one.train_accuracy, one.test_loss) == (other.loss, other.train_accuracy, other.test_loss)


@pytest.mark.parametrize("name", ["parameters", "order", "random", "optimizer_velocity", "position"])
def test_a_state_of_something_else_is_refused(name):
    state = trainer().state
    subject = trainer()
    with pytest.raises(InputError, match=f"{name} does not fit"):
        subject.state = {key: array for key, array in state.items() if key != name}
    with pytest.raises(InputError, match=f"{name} does not fit"):
        subject.state = state | {name: np.zeros((2, 2))}


@pytest.mark.parametrize(("name", "value"), [
    ("random", "nojson"), ("random", "{}"), ("random", "[]"), ("random", "[" * 100_000),
    ("random", '{"bit_generator": "PCG64", "state": {"state": -1, "inc": 1}, "has_uint32": 0, "uinteger": 0}'),
    ("order", np.arange(1, 1001)), ("order", np.zeros(1000, np.int64)),
    ("epoch", -1), ("epoch", 4), ("position", -64), ("position", 1001), ("position", 63), ("correct", 1),
    ("loss_sum", np.nan), ("loss_sum", -1.0), ("seconds", np.inf), ("learning_rate", -0.1),
    ("warp_seed", -1), ("optimizer_steps", 1),
    ("parameters", np.full(576 * 20 + 20 + 210, np.nan, np.float32)),
    ("parameters", np.full(576 * 20 + 20 + 210, 1e300)), ("optimizer_velocity", np.zeros(11750, np.float16)),
    ("optimizer_velocity", np.full(576 * 20 + 20 + 210, np.inf, np.float32)),
], ids=lambda value: f"{value!s:.20}".replace("\n", " "))
def test_a_damaged_state_is_refused_and_changes_nothing(name, value):
    subject = trainer()
    before = subject.state
    with pytest.raises(InputError, match=f"{name} does not fit"):
        subject.state = trainer(dataclasses.replace(SMALL, seed=5)).state | {name: np.asarray(value)}
    for key, array in subject.state.items():
        np.testing.assert_array_equal(array, before[key])


@pytest.mark.parametrize(("name", "value"), [("square", np.full(576 * 20 + 20 + 210, -1, np.float32)), ("steps", -1),
                                            ("steps", 2**63 - 1)], ids=lambda value: f"{value!s:.10}")
def test_a_damaged_state_of_adam_is_refused(name, value):
    subject = trainer(dataclasses.replace(SMALL, optimizer="adam"))
    with pytest.raises(InputError, match=f"optimizer_{name} does not fit"):
        subject.state = subject.state | {f"optimizer_{name}": np.asarray(value)}


def test_the_learning_rate_can_be_set_while_it_learns():
    subject = trainer()
    subject.finish_epoch()
    before = subject.network
    subject.learning_rate = 1e-12
    subject.update.state["velocity"][:] = 0
    subject.step()
    np.testing.assert_allclose(subject.network.parameters["W1"], before.parameters["W1"], atol=1e-9)


def test_the_learning_rate_follows_the_schedule(monkeypatch):
    asked = []
    monkeypatch.setitem(trainer_module.SCHEDULES, "cosine", lambda progress: asked.append(progress) or 1.0)
    list(train(trainer()))
    np.testing.assert_allclose(asked, np.arange(48) / 48)


@functools.cache
def digits():
    """Return 300 of the embedded digits; not at import, where the cache would be the user's own."""
    train = load("digits").train
    return Digits(train.images[:300], train.labels[:300])


def chosen_trainer(**chosen):
    options = dataclasses.replace(SMALL, **chosen)
    rng = np.random.default_rng(0)
    return Trainer(options.network(784, 10, rng), digits(), digits(), options, rng)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_activation_chosen_is_learned(name):
    report = chosen_trainer(activation=name).finish_epoch()
    assert [layer.activation for layer in report.network.layers] == [name, "softmax"]


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_chosen_is_learned(name):
    subject = chosen_trainer(loss=name)
    start = evaluate(subject.network, digits().images, digits().labels)
    assert subject.network.head.loss == name
    assert subject.step().loss == pytest.approx(start.losses[subject.order[:64]].mean(), rel=1e-5)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_initialisation_chosen_is_drawn(name):
    expected = Network.random((784, 20, 10), initializer=name, rng=np.random.default_rng(0))
    same(chosen_trainer(init=name).network, expected)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_optimizer_chosen_takes_the_step(name):
    subject = chosen_trainer(optimizer=name, learning_rate=0.01, schedule="constant")
    images, labels = digits().images[subject.order[:64]], digits().labels[subject.order[:64]]
    before = subject.network
    gradients = before.gradients(before.forward(images), one_hot(labels, 10))
    subject.step()
    for key, array in before.parameters.items():
        state = OPTIMIZERS[name].start(array)
        change = OPTIMIZERS[name].step(gradients[key], state, 0.01)
        np.testing.assert_allclose(subject.network.parameters[key] - array, change, atol=1e-6)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_schedule_chosen_is_followed(name):
    halfway, start = (chosen_trainer(schedule=name, optimizer="sgd", epochs=2) for _ in range(2))
    halfway.finish_epoch()
    halfway.parameters[:] = start.parameters
    halfway.start_epoch(start.order)
    before = start.network.parameters["W2"]
    for subject in (halfway, start):
        subject.step()
    moved, first = (subject.network.parameters["W2"] - before for subject in (halfway, start))
    np.testing.assert_allclose(moved, SCHEDULES[name](0.5) * first, atol=1e-6)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_warps_chosen_are_learned(name, monkeypatch):
    seen, learn = [], Trainer.learn
    monkeypatch.setattr(Trainer, "learn", lambda self, images, labels: seen.append(images.copy()) or
                        learn(self, images, labels))
    subject = chosen_trainer(augment=name)
    order = subject.order
    subject.step()
    plain = digits().images[order[:64]][:, subject.pixel_order.indices]
    assert (seen[0] != plain[:, :seen[0].shape[1]]).any() == (AUGMENTATIONS[name] is not None)
    assert subject.batches.warp is AUGMENTATIONS[name]


def test_dropout_drops_its_share_in_every_step():
    subject = chosen_trainer(dropout=0.25, hidden=(200,), batch_size=300)
    masks = []
    for _ in range(2):
        subject.finish_epoch()
        masks.append(subject.buffers.masks[0].copy())
    assert (masks[0] != masks[1]).any()
    assert np.mean(masks[0] == 0) == pytest.approx(0.25, abs=0.01)
    assert (subject.buffers.activations[0][masks[1] == 0] == 0).all()


def test_label_smoothing_is_learned():
    subject = trainer(dataclasses.replace(SMALL, label_smoothing=0.2))
    targets = subject.targets(None, np.array([3]))
    np.testing.assert_allclose(targets, [[0.02] * 3 + [0.82] + [0.02] * 6], rtol=1e-6)
    first = TRAIN.images[subject.order[:64]], TRAIN.labels[subject.order[:64]]
    outputs = subject.network.forward(first[0]).outputs
    expected = -(subject.targets(None, first[1]) * np.log(outputs)).sum(axis=1).mean()
    assert subject.step().loss == pytest.approx(expected, rel=1e-5)


def test_warps_weaken_towards_the_last_epoch(monkeypatch):
    strengths, begin = [], batches.Batches.start_epoch
    monkeypatch.setattr(batches.Batches, "start_epoch", lambda self, order, epoch, strength:
                        strengths.append(strength) or begin(self, order, epoch, strength))
    list(train(trainer(dataclasses.replace(SMALL, epochs=5))))
    # progress 0, 1/4, 1/2, 3/4 and 1
    np.testing.assert_allclose(strengths[:5], [1, 1, 1, 1, FADE_END_STRENGTH])


def test_weight_decay_shrinks_every_parameter(monkeypatch):
    monkeypatch.setitem(trainer_module.SCHEDULES, "cosine", lambda progress: 0.25)
    plain, decayed = (trainer(dataclasses.replace(SMALL, weight_decay=decay)) for decay in (0.0, 0.5))
    start = plain.network.parameters
    plain.step()
    decayed.step()
    for name, array in start.items():  # rate 0.1 times the schedule's 0.25
        difference = decayed.network.parameters[name] - plain.network.parameters[name]
        np.testing.assert_allclose(difference, -0.1 * 0.25 * 0.5 * array, atol=1e-7)


def test_validation_images_are_never_learned():
    validation = dataclasses.replace(SMALL, validation=300)
    spoiled = Digits(TRAIN.images.copy(), TRAIN.labels)
    spoiled.images[700:] = np.nan
    with np.errstate(invalid="ignore"):
        reports = list(train(trainer(validation, spoiled)))
    clean = list(train(trainer(validation)))
    same(reports[-1].network, clean[-1].network)
    assert clean[-1].validation_accuracy == evaluate(clean[-1].network, TRAIN.images[700:], TRAIN.labels[700:]).accuracy


@pytest.mark.parametrize("rate", [1e20, 1e38])
def test_a_loss_that_is_no_number_stops_in_words_and_without_warnings(rate):
    subject = trainer(dataclasses.replace(SMALL, learning_rate=rate))
    words = r"epoch 1, step [23]\): start again and learn slower, for example with --learning-rate"
    with pytest.raises(DivergenceError, match=words):
        list(train(subject))


def test_parameters_that_are_no_numbers_are_never_reported():
    subject = trainer()
    while not subject.epoch_is_over:
        subject.step()
    subject.parameters[576 * 20] = -np.inf  # a bias, as a last step may leave it; relu hides it from the loss
    with pytest.raises(DivergenceError):
        subject.finish_epoch()


def test_test_images_that_overflow_are_never_reported():
    subject = trainer()
    while not subject.epoch_is_over:
        subject.step()
    subject.parameters[:] = 3e37  # finite, but their products are not
    with pytest.raises(DivergenceError):
        subject.finish_epoch()


def test_it_stops_between_steps_when_asked():
    subject = trainer()
    answers = iter([False] * 7 + [True])
    assert list(train(subject, stop=lambda: next(answers))) == []
    assert subject.steps == 7


def test_a_step_past_the_end_of_the_epoch_is_a_mistake():
    subject = trainer(dataclasses.replace(SMALL, batch_size=0))
    subject.step()
    with pytest.raises(RuntimeError, match="finish_epoch"):
        subject.step()


def test_the_data_is_not_copied():
    subject = trainer(dataclasses.replace(SMALL, validation=100))
    assert np.shares_memory(subject.pixels, TRAIN.pixels)
    held_out = subject.validation_images
    np.testing.assert_array_equal(held_out.images[:, held_out.pixel_order.inverse], TRAIN.pixels[-100:][held_out.rows])


# Options


@pytest.mark.parametrize(("chosen", "words"), [
    ({"epochs": -1}, "--epochs -1: choose a whole number of at least 1"),
    ({"hidden": (20, 0)}, "--hidden 0: choose a whole number of at least 1"),
    ({"learning_rate": float("nan")}, "--learning-rate nan: choose a finite number above 0"),
    ({"learning_rate": 0.0}, "--learning-rate 0.0: choose a number above 0"),
    ({"learning_rate": float("inf")}, "--learning-rate inf: choose a finite number above 0"),
    ({"batch_size": -2}, "--batch-size -2: choose a whole number of at least 0"),
    ({"weight_decay": -0.1}, "--weight-decay -0.1: choose a number of at least 0"),
    ({"seed": -1}, "--seed -1: choose a whole number of at least 0"),
    ({"activation": "rleu"}, "--activation rleu: choose one of relu, leaky-relu, sigmoid, tanh, "
     "identity, gelu, gelu-tanh, elu, silu, softplus"),
    ({"optimizer": "adma"}, "--optimizer adma: choose one of sgd, momentum, adam"),
    ({"schedule": "sine"}, "--schedule sine: choose one of constant, cosine"),
    ({"dropout": 0.99999999},
     "--dropout 0.99999999: is 1 in the float32 of a training; choose a number from 0 to below 1"),
    ({"label_smoothing": 1 - 1e-9},
     "--label-smoothing 0.999999999: is 1 in the float32 of a training; choose a number from 0 to below 1"),
    ({"learning_rate": 1e-50},
     "--learning-rate 1e-50: is 0 in the float32 of a training; choose a number above 0"),
    ({"weight_decay": 1e39},
     "--weight-decay 1e+39: is inf in the float32 of a training; choose a number of at least 0"),
    ({"epochs": 2.5}, "--epochs 2.5: choose a whole number of at least 1"),
    ({"epochs": "3"}, "--epochs 3: choose a whole number of at least 1"),
    ({"seed": True}, "--seed True: choose a whole number of at least 0"),
    ({"hidden": (2.5,)}, "--hidden 2.5: choose a whole number of at least 1"),
    ({"hidden": 256}, "--hidden 256: give a list of whole numbers"),
    ({"learning_rate": "0.1"}, "--learning-rate 0.1: choose a number above 0"),
    ({"activation": ["relu"]}, "--activation ['relu']: choose one of relu, leaky-relu, sigmoid, tanh, "
     "identity, gelu, gelu-tanh, elu, silu, softplus"),
    ({"optimizer": "sgd", "learning_rate": float("nan")}, "--learning-rate nan: choose a finite number above 0"),
    ({"init": "she"}, "--init she: choose one of he, xavier, normal"),
])
def test_an_option_that_no_training_can_have_is_named(chosen, words):
    with pytest.raises(InputError) as caught:
        TrainingOptions(**chosen)
    assert str(caught.value) == words


@pytest.mark.parametrize(("chosen", "words"), [
    ({"hidden": (10_000_000,)}, "--hidden 10000000: training 7,950,000,010 parameters would take 404.1 GiB of memory, "
                                "and the limit is 2 GiB"),
    ({"batch_size": 1001}, "--batch-size 1001: there are 1,000 training images; choose at most that many, or 0"),
    ({"batch_size": 1000, "validation": 1}, "--batch-size 1000: there are 999 training images"),
    ({"batch_size": 2, "validation": 999}, "--batch-size 2: there is 1 training image;"),
    ({"validation": 1000}, "--validation 1000: there are 1,000 training images; leave some"),
])
def test_an_option_that_this_data_cannot_have_is_named(chosen, words):
    with pytest.raises(InputError) as caught:
        TrainingOptions(**chosen).check_data(1000, 784, 10)
    assert words in str(caught.value)


def test_options_at_the_edge_are_taken():
    TrainingOptions(batch_size=1000, hidden=(1, 1), epochs=1, validation=0).check_data(1000, 784, 10)
    TrainingOptions(batch_size=0, hidden=()).check_data(1000, 784, 10)


def test_every_option_says_what_it_is():
    assert all(field.metadata["help"] for field in dataclasses.fields(TrainingOptions))
    assert options.option_flag("learning_rate") == "--learning-rate"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_its_own_learning_rate_where_none_is_given(name):
    assert TrainingOptions(optimizer=name).learning_rate == OPTIMIZERS[name].default_learning_rate
    assert TrainingOptions(optimizer=name, learning_rate=0.5).learning_rate == 0.5
