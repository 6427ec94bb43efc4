"""What the window is looking at."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from neuralscope.data_loader import Digits
from neuralscope.visualizer.session import Session


@pytest.fixture
def session(embedded, shipped):
    return Session(shipped, embedded, np.random.default_rng(3), index=10)


def test_the_same_seed_shows_the_same_digits(embedded, shipped):
    shown = []
    for _ in range(2):
        session = Session(shipped, embedded, np.random.default_rng(3))
        for _ in range(20):
            session.next_digit()
        shown.append(list(session.seen))
    assert shown[0] == shown[1]
    assert len(set(shown[0])) > 10


def test_a_next_digit_is_always_another_one(session):
    for _ in range(500):
        before = session.index
        session.next_digit()
        assert session.index != before


def test_back_and_forward_walk_through_the_digits_seen(session):
    session.go_to(20)
    session.go_to(30)
    assert session.back()
    assert session.index == 20
    session.forward()
    assert session.index == 30
    session.back()
    session.back()
    assert not session.back()
    assert session.index == 10
    session.next_digit()  # a new digit goes to the end: nothing seen is lost
    assert session.seen[:3] == [10, 20, 30]
    session.forward()
    assert len(session.seen) == 5


def test_the_trace_is_of_the_digit_shown(session):
    for index in (0, 5):
        session.go_to(index)
        assert (session.trace.images[0] == session.digits.images[index]).all()
    assert session.trace is session.trace


def test_misread_digits_come_in_order_and_round_again(session):
    wrong = np.flatnonzero(session.network.forward(session.digits.images).predictions != session.digits.labels)
    session.go_to(0)
    found = []
    for _ in range(len(wrong) + 1):
        assert session.next_misread()
        found.append(session.index)
    start = int(wrong[0] == 0)  # the search begins after the digit shown
    assert found == [*np.roll(wrong, -start), np.roll(wrong, -start)[0]]


def test_without_misread_digits_it_stays_where_it_is(session):
    answers = session.network.forward(session.digits.images).predictions
    perfect = Session(session.model, SimpleNamespace(test=Digits(session.digits.images, answers)),
                      np.random.default_rng(0), 4)
    assert not perfect.next_misread()
    assert perfect.index == 4


def test_one_single_digit_can_be_shown(session):
    lone = replace(session.digits, images=session.digits.images[:1], labels=session.digits.labels[:1])
    alone = Session(session.model, SimpleNamespace(test=lone), np.random.default_rng(0))
    alone.next_digit()
    alone.forward()
    assert alone.index == 0
