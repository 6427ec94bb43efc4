"""The walk through digits."""

import numpy as np

from neuralscope.visualizer.session.digit_history import DigitHistory


def history(count=9, index=4):
    return DigitHistory(count, np.random.default_rng(0), index)


def test_each_step_is_another_visit_also_to_a_digit_that_was_seen():
    digits, visits = history(), set()
    for step in (lambda: digits.go_to(5), digits.back, digits.forward, digits.next_digit, digits.renew,
                 digits.forget_user_digit):
        visits.add(digits.visit)
        step()
        assert digits.visit not in visits
    digits.go_to(digits.index)  # no step
    assert digits.visit not in visits
    assert len(visits) == 6


def test_at_the_first_digit_there_is_no_way_back_and_no_other_visit():
    digits = history()
    assert (digits.back(), digits.visit, digits.index) == (False, 0, 4)


def test_the_own_digit_is_forgotten_wherever_it_was_seen():
    digits = history()
    for index in (None, 2, None, 3):
        digits.go_to(index)
    digits.back()
    assert (digits.index, digits.last_index) == (None, 2)
    digits.forget_user_digit()
    assert (digits.visited, digits.index) == ([4, 2, 3], 2)
    digits.forward()
    assert digits.index == 3


def test_a_fork_has_a_list_of_its_own():
    digits = history()
    fork = digits.fork()
    fork.go_to(1)
    assert (digits.visited, fork.visited) == ([4], [4, 1])
