"""Values that follow from others, kept by their key."""

import copy

from neuralscope.visualizer.session.keyed import keyed


class Doubled:
    def __init__(self):
        self.number, self.label, self.computed = 1, {}, 0

    @keyed(lambda self: (self.number, self.label))
    def double(self):
        """Twice the number."""
        self.computed += 1
        return 2 * self.number


def test_it_is_computed_when_asked_for_and_anew_where_its_key_is_another():
    doubled = Doubled()
    assert doubled.computed == 0
    assert [doubled.double, doubled.double, doubled.computed] == [2, 2, 1]
    doubled.number = 5
    assert [doubled.double, doubled.double, doubled.computed] == [10, 10, 2]
    doubled.label = {0: frozenset({3})}
    assert [doubled.double, doubled.computed] == [10, 3]
    doubled.label = {0: frozenset({3})}  # equal, though another object
    assert [doubled.double, doubled.computed] == [10, 3]
    assert Doubled.double.__doc__ == "Twice the number."


def test_a_copy_keeps_what_was_computed_and_goes_its_own_way():
    doubled = Doubled()
    assert doubled.double == 2
    other = copy.copy(doubled)
    other.number = 7
    assert (other.double, doubled.double, doubled.computed) == (14, 2, 1)
