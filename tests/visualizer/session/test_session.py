"""What the window is looking at."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from neuralscope.data_loader import Digits
from neuralscope.network.evaluation import evaluate
from neuralscope.network.model import Network
from neuralscope.visualizer.session.selection import CONTRAST_NONE
from neuralscope.visualizer.session.session import Session
from tests.helpers.unlabelled import without_labels


@pytest.fixture
def session(embedded, shipped):
    return Session(shipped, embedded, np.random.default_rng(3), index=10)


def test_the_same_seed_shows_the_same_digits(embedded, shipped):
    shown = []
    for _ in range(2):
        session = Session(shipped, embedded, np.random.default_rng(3))
        for _ in range(20):
            session.digit_history.next_digit()
        shown.append(list(session.digit_history.visited))
    assert shown[0] == shown[1]
    assert len(set(shown[0])) > 10


def test_snapshots_are_looked_for_when_somebody_asks(session):
    looked = []
    session.snapshot_choice.look_for_snapshots = lambda: looked.append(1) or (None, "none here")
    session.digit_history.next_digit()
    assert not looked
    assert (session.snapshots, session.snapshot_choice.no_snapshots_reason) == (None, "none here")
    session.snapshots = "those of a training"
    assert session.snapshots == "those of a training"


def test_a_twin_goes_its_own_way(session):
    session.selection.select_neuron(0, 3)
    session.top("weights", 1)
    fork, seen = session.fork(), list(session.digit_history.visited)
    assert (fork.index, fork.neuron, fork.base_network) == (session.index, 3, session.base_network)
    fork.digit_history.go_to(20)
    fork.selection.select_neuron(0, 5)
    fork.ablation.toggle(0, 5)
    fork.top("weights", 5)
    fork.show_network(Network(session.base_network.layers), "another")
    fork.fine_tuning.rate_index, session.holds_color_scales = 0, True
    assert fork.fine_tuning.rate != session.fine_tuning.rate
    assert (session.digit_history.visited, session.index, session.neuron, session.ablated) == (seen, 10, 3, {})
    assert session.top("weights", 9) == 1
    assert session.network_label == ""


def test_the_way_back_is_of_the_label_given(session):
    label = (session.truth + 1) % 10
    assert session.backprop.deltas[-1][0, label] > 0
    session.fine_tuning.label = label
    assert session.backprop.deltas[-1][0, label] < 0
    session.digit_history.next_digit()
    assert session.target == session.truth


def test_a_next_digit_is_always_another_one(session):
    for _ in range(500):
        before = session.index
        session.digit_history.next_digit()
        assert session.index != before


def test_back_and_forward_walk_through_the_digits_seen(session):
    session.digit_history.go_to(20)
    session.digit_history.go_to(30)
    assert session.digit_history.back()
    assert session.index == 20
    session.digit_history.forward()
    assert session.index == 30
    session.digit_history.back()
    session.digit_history.back()
    assert not session.digit_history.back()
    assert session.index == 10
    session.digit_history.next_digit()  # a new digit goes to the end: nothing seen is lost
    assert session.digit_history.visited[:3] == [10, 20, 30]
    session.digit_history.forward()
    assert len(session.digit_history.visited) == 5


def test_the_trace_is_of_the_digit_shown(session):
    for index in (0, 5):
        session.digit_history.go_to(index)
        assert (session.trace.images[0] == session.digits.images[index]).all()
    assert session.trace is session.trace


def test_misread_digits_come_in_order_and_round_again(session):
    wrong = np.flatnonzero(session.network.forward(session.digits.images).predictions != session.digits.labels)
    session.digit_history.go_to(0)
    found = []
    for _ in range(len(wrong) + 1):
        assert session.next_misclassified()
        found.append(session.index)
    start = int(wrong[0] == 0)  # the search begins after the digit shown
    assert found == [*np.roll(wrong, -start), np.roll(wrong, -start)[0]]


def test_without_misread_digits_it_stays_where_it_is(session):
    answers = session.network.forward(session.digits.images).predictions
    perfect = Session(session.model, SimpleNamespace(test=Digits(session.digits.images, answers)),
                      np.random.default_rng(0), 4)
    assert not perfect.next_misclassified()
    assert perfect.index == 4


def test_one_single_digit_can_be_shown(session):
    lone = replace(session.digits, pixels=session.digits.images[:1], labels=session.digits.labels[:1])
    alone = Session(session.model, SimpleNamespace(test=lone), np.random.default_rng(0))
    alone.digit_history.next_digit()
    alone.digit_history.forward()
    assert alone.index == 0


def test_going_to_the_digit_shown_stays_there(session):
    session.digit_history.go_to(20)
    session.digit_history.back()
    session.digit_history.go_to(10)
    assert (session.index, session.digit_history.visited) == (10, [10, 20])


def test_the_class_asked_about_is_the_answer_against_the_runner_up_until_another_is_chosen(session):
    first, second = np.argsort(-session.trace.sums[-1][0])[:2]
    assert (session.selected_class, session.contrast_class) == (first, second)
    session.selection.select_class(int(second))
    assert (session.selected_class, session.contrast_class) == (second, first)
    third = next(one for one in range(10) if one not in (first, second))
    session.selection.compare(third)
    assert (session.selected_class, session.contrast_class) == (second, third)
    session.selection.select_class(third)  # nothing is compared with itself
    assert (session.selected_class, session.contrast_class) == (third, first)
    session.selection.compare(third)
    assert session.contrast_class == first
    session.selection.compare(CONTRAST_NONE)
    assert session.contrast_class is None
    session.digit_history.next_digit()
    assert session.selected_class == session.trace.predictions[0]
    assert session.contrast_class not in (None, session.selected_class)


def test_a_compared_class_stays_when_the_answer_changes(session):
    session.selection.compare(int(np.argsort(-session.trace.sums[-1][0])[3]))
    asked = session.selected_class, session.contrast_class
    for neuron in range(200):
        session.ablation.toggle(0, neuron)
    assert (session.selected_class, session.contrast_class) == asked


def test_silencing_is_of_this_session_alone(session):
    other = Session(session.model, session.dataset, np.random.default_rng(0), 10, session.analysis)
    session.ablation.toggle(0, 7)
    session.ablation.toggle(0, 9)
    assert session.ablated == {0: frozenset({7, 9})}
    assert session.is_ablated(0, 7)
    assert not session.network.layers[1].weights[[7, 9]].any()
    assert other.network is other.model.network is session.model.network
    assert other.evaluation is other.analysis.test_set.evaluation
    network, trace = session.with_restored(0, 7)
    assert not network.layers[1].weights[9].any()
    assert (network.layers[1].weights[7] == other.network.layers[1].weights[7]).all()
    assert (trace.activations[0] == other.trace.activations[0]).all()
    assert session.with_restored(0, 3) == (session.network, session.trace)
    session.ablation.toggle(0, 7)
    session.ablation.toggle(0, 9)
    assert session.ablated == {}
    assert session.network is session.model.network


def test_the_neuron_is_the_one_that_pushes_most_until_one_is_chosen(session):
    weights = session.network.layers[1].weights
    pushes = session.trace.activations[0][0] * (weights[:, session.selected_class] - weights[:, session.contrast_class])
    assert session.neuron == pushes.argmax()
    session.selection.select_neuron(0, 12)
    session.digit_history.next_digit()
    assert session.neuron == 12
    assert session.selection.is_selected(0, 12)


def test_a_held_scale_stays_and_one_let_go_follows(session):
    assert session.top("hidden", 3.2) == 3.5
    session.holds_color_scales = True
    assert session.top("hidden", 7.0) == 3.5
    assert session.top("another", 7.0) == 7.0
    session.holds_color_scales = False
    assert session.top("hidden", 7.0) == 7.0


def test_neurons_stand_in_the_order_of_the_file_until_another_is_found(session):
    assert (session.order(0) == np.arange(256)).all()
    for _ in session.analysis.steps():
        pass
    assert sorted(session.order(0)) == list(range(256))
    assert (session.order(0) != np.arange(256)).any()
    session.is_arranged = False
    assert (session.order(0) == np.arange(256)).all()


def test_another_network_can_be_looked_at_and_the_files_again(session):
    whole, analysis = session.base_network, session.analysis
    session.selection.select_neuron(0, 5)
    session.ablation.toggle(0, 5)
    other = Network.random(whole.sizes, rng=np.random.default_rng(1))
    session.show_network(other, "epoch 3 of 10")
    assert session.network_label == "epoch 3 of 10"
    assert session.neuron == 5
    assert session.is_ablated(0, 5)
    np.testing.assert_array_equal(session.trace.outputs, session.network.forward(session.image).outputs)
    assert session.evaluation.errors == evaluate(session.network, session.digits.images, session.digits.labels).errors
    assert (session.order(0) == analysis.order(0)).all()
    session.show_network(Network.random([784, 7, 10], rng=np.random.default_rng(1)), "")
    assert not session.ablated
    assert session.neuron < 7
    session.show_file_network()
    assert (session.base_network, session.analysis, session.network_label) == (whole, analysis, "")


def test_without_labels_the_target_is_the_class_asked_about(embedded, shipped):
    session = Session(shipped, without_labels(embedded), np.random.default_rng(3), index=10)
    assert (session.has_labels, session.truth, session.evaluation) == (False, None, None)
    assert session.target == session.selected_class == int(session.trace.predictions[0])
    session.selection.select_class((session.target + 1) % 10)
    assert session.target == session.selected_class
    assert session.backprop.loss > 1
    assert session.fine_tuning.target is None  # the class asked about is no label
    session.fine_tuning.label = 3
    assert session.target == session.fine_tuning.target == 3
    assert not session.next_misclassified()
    assert session.index == 10
    np.testing.assert_array_equal(session.answers.predictions,
                                  shipped.network.forward(session.digits.images).predictions)


def test_with_labels_the_answers_are_the_evaluation(session):
    assert session.has_labels
    assert session.evaluation is session.answers
