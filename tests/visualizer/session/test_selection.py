"""What is asked about: classes, neurons, a connection."""

import numpy as np
import pytest

from neuralscope.visualizer.session.selection import CONTRAST_NONE, CONTRAST_STRONGEST
from neuralscope.visualizer.session.session import Session


@pytest.fixture
def session(embedded, shipped):
    return Session(shipped, embedded, np.random.default_rng(3), index=10)


@pytest.fixture
def selection(session):
    return session.selection


def test_classes_are_chosen_for_one_visit_of_a_digit(session, selection):
    answer = int(session.trace.predictions[0])
    selection.select_class((answer + 1) % 10)
    session.digit_history.go_to(20)
    session.digit_history.back()  # the same digit again, but another visit
    assert selection.selected_class == answer
    selection.awaits_contrast_class = True
    session.digit_history.renew()
    assert not selection.awaits_contrast_class


def test_a_class_that_is_awaited_is_the_one_to_compare_with(selection):
    answer = selection.selected_class
    selection.awaits_contrast_class = True
    selection.select_class((answer + 3) % 10)
    assert (selection.selected_class, selection.contrast_class) == (answer, (answer + 3) % 10)
    assert not selection.awaits_contrast_class


def test_the_strongest_other_class_is_no_choice_of_the_answer(session, selection):
    selection.compare(CONTRAST_STRONGEST)
    assert selection.classes.selected_class is None
    selection.compare(CONTRAST_NONE)
    assert selection.classes.selected_class == session.trace.predictions[0]


def test_what_was_chosen_before_the_own_digit_is_brought_back(session, selection):
    first, other = selection.selected_class, (selection.selected_class + 1) % 10
    selection.select_class(other)
    session.show_user_digit()
    assert selection.classes.selected_class is None
    session.leave_user_digit()
    assert (session.index, selection.selected_class) == (10, other)
    session.leave_user_digit()  # it was not shown
    assert selection.selected_class == first


@pytest.mark.parametrize("change", [
    lambda session: session.selection.select_neuron(0, 3),
    lambda session: session.digit_history.go_to(20),
    lambda session: session.user_digit.begin(0.5, 0.5, False),
    lambda session: session.selection.select_class((session.selected_class + 1) % 10),
])
def test_a_connection_is_chosen_until_anything_else_is(session, selection, change):
    selection.select_connection(1, 5, 2)
    assert (selection.connection, selection.neuron, selection.selected_class) == ((1, 5, 2), 5, 2)
    change(session)
    assert selection.connection is None


def test_a_fork_goes_its_own_way(session, selection):
    selection.select_neuron(0, 3)
    fork = session.fork()
    fork.selection.select_neuron(0, 4)
    fork.selection.select_class(9)
    assert (selection.neuron, fork.neuron, fork.selected_class) == (3, 4, 9)
    assert selection.classes.selected_class is None
