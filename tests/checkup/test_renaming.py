"""The best renaming of answers: the best of all permutations, and no claim where chance gives one as good."""

from itertools import permutations

import numpy as np
import pytest

from neuralscope.checkup.renaming import best_renaming, found_renaming


def test_it_is_the_best_of_all_permutations():
    rng = np.random.default_rng(0)
    labels, predictions = rng.integers(0, 5, 200), rng.integers(0, 5, 200)
    best = max(int((np.array(meanings)[predictions] == labels).sum()) for meanings in permutations(range(5)))
    meanings = best_renaming(predictions, labels, 5)
    assert sorted(meanings) == list(range(5))
    assert int((meanings[predictions] == labels).sum()) == best


def test_what_is_right_already_stays():
    labels = np.array([0, 1, 1, 3])
    assert best_renaming(labels, labels, 5).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("seed", range(10))
def test_many_classes_and_few_images_give_none_by_chance(seed):
    rng = np.random.default_rng(seed)
    labels, predictions = rng.integers(0, 40, 90), rng.integers(0, 40, 90)
    fitted = best_renaming(predictions, labels, 40)[predictions] == labels
    assert fitted.mean() > 0.3  # of noise
    assert found_renaming(predictions, labels, 40) is None
