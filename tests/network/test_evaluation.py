"""Accuracy, confusions, mistakes and the Wilson interval, on a network whose answers are known."""

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import Layer, Network, evaluate, evaluation, wilson_interval
from neuralscope.network.evaluation import mcnemar_p


@pytest.fixture
def copier():
    """A network that answers with the largest of its three inputs."""
    return Network([Layer(np.eye(3, dtype=np.float32), np.zeros(3, np.float32), "softmax")])


IMAGES = np.array([[1, 0, 0], [0, 2, 0], [0, 0, 9], [5, 0, 0], [0, 1, 0], [3, 0, 0]], np.float32)
LABELS = np.array([0, 1, 0, 2, 1, 1])  # so 2, 3 and 5 are read wrongly: as 2, 0 and 0


@pytest.mark.parametrize("chunk", [1, 4, 1000])
def test_worked_example(copier, chunk, monkeypatch):
    monkeypatch.setattr(evaluation, "CHUNK_IMAGES", chunk)
    result = evaluate(copier, IMAGES, LABELS)
    assert (result.count, result.errors, result.accuracy) == (6, 3, 0.5)
    np.testing.assert_array_equal(result.predictions, [0, 1, 2, 0, 1, 0])
    np.testing.assert_array_equal(result.confusion, [[1, 0, 1], [1, 2, 0], [1, 0, 0]])  # row: is, column: read as
    np.testing.assert_array_equal(result.mistakes, [2, 3, 5])  # sums of 9, 5 and 3 for the wrong class
    np.testing.assert_allclose(result.class_accuracies, [1 / 2, 2 / 3, 0])
    np.testing.assert_allclose(result.outputs[1], [1 / (2 + np.exp(2)), np.exp(2) / (2 + np.exp(2)),
                                                   1 / (2 + np.exp(2))], rtol=1e-6)
    assert result.losses[5] == pytest.approx(np.log(np.exp(3) + 2))
    assert result.loss == pytest.approx(result.losses.mean())
    assert result.interval == wilson_interval(3, 6)


def test_no_mistakes(copier):
    result = evaluate(copier, IMAGES, IMAGES.argmax(axis=1))
    assert (result.errors, result.accuracy, len(result.mistakes)) == (0, 1, 0)


def test_memory_stays_small(copier):
    import tracemalloc

    network = Network.random((3, 2000, 3), rng=np.random.default_rng(0))
    images = np.zeros((20_000, 3), np.float32)
    tracemalloc.start()
    evaluate(network, images, np.zeros(20_000, np.int64))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # all activations at once would be 320 MB


def test_wilson_interval_against_known_figures():
    # Newcombe 1998, Statistics in Medicine 17, 857: the score method for these four
    for (correct, count), interval in {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605),
                                       (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}.items():
        assert wilson_interval(correct, count) == pytest.approx(interval, abs=5e-5)
    assert wilson_interval(20, 20)[1] == 1


def test_a_class_of_which_there_is_none_has_no_accuracy(copier):
    result = evaluate(copier, IMAGES[:2], LABELS[:2])
    np.testing.assert_array_equal(result.class_accuracies, [1, 1, np.nan])


def test_the_images_of_a_cell(copier):
    result = evaluate(copier, IMAGES, LABELS)
    assert result.cell(1, 1).tolist() == [4, 1]  # right: the least sure first, of sums of 1 and 2
    assert evaluate(copier, IMAGES, np.array([0, 1, 1, 1, 1, 1])).cell(1, 0).tolist() == [3, 5]  # wrong: 5, then 3
    assert result.cell(2, 2).tolist() == []
    for cell in ((3, 0), (0, 3), (-1, 0)):
        with pytest.raises(InputError, match="choose one from 0 to 2"):
            result.cell(*cell)


@pytest.mark.parametrize(("first", "second", "expected"), [
    (0, 0, 1), (1, 0, 1), (5, 5, 1), (9, 1, 0.021484375), (3, 17, 0.0025768280029296875),
    (40, 12, 0.0001275387838557407)])  # by scipy.stats.binomtest
def test_mcnemars_exact_test(first, second, expected):
    right = np.array([True] * first + [False] * second + [True, False] * 30)
    other = np.array([False] * first + [True] * second + [True, False] * 30)
    np.testing.assert_allclose(mcnemar_p(right, other), expected)


def test_an_image_without_an_answer_is_read_wrongly_and_stands_in_no_cell(copier):
    images = IMAGES.copy()
    images[0], images[1, 1] = np.nan, np.inf
    result = evaluate(copier, images, LABELS)
    assert (result.unanswered_count, result.errors, result.confusion.sum()) == (2, 5, 4)
    np.testing.assert_array_equal(np.sort(result.mistakes), [0, 1, 2, 3, 5])
    np.testing.assert_array_equal(result.label_counts, [2, 3, 1])
    np.testing.assert_allclose(result.class_accuracies, [0, 1 / 3, 0])
    assert result.cell(0, 0).size == 0
    assert result.class_counts.sum() == 4
