"""Arrays in whatever form Python has them become a Dataset, or are refused in a line."""

import pickle

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris

from neuralscope.array_data import dataset_from_arrays
from neuralscope.errors import InputError
from neuralscope.runs.digest import digits_sha256

X, Y = load_digits(return_X_y=True)
BYTES = np.rint(X * 255 / 16).astype(np.uint8)
INK = X / 16
IRIS, KINDS = load_iris(return_X_y=True)


class Tensor:
    """What PyTorch's tensors are to others: an array only once it is detached and on this device."""

    def __init__(self, values, detached=False):
        self.values, self.detached = values, detached

    def detach(self):
        return Tensor(self.values, detached=True)

    def cpu(self):
        return self.values if self.detached else self

    def __array__(self, *arguments, **options):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


class Frame:
    """What a DataFrame is to others: an array, and names of its columns."""

    def __init__(self, values, columns):
        self.values, self.columns = values, columns

    def __array__(self, *arguments, **options):
        return self.values


@pytest.mark.parametrize(("given", "dtype", "said"), [
    (BYTES, np.uint8, ""), (BYTES.astype(np.int64), np.uint8, ""), (BYTES.astype(float), np.uint8, ""),
    (INK, np.float32, ""), (X, np.float32, "0 is taken for black, 16 for white"),
    (INK * 2 - 1, np.float32, "-1 is taken for black, 1 for white"),
    ((INK - 0.3) / 0.37, np.float32, "-0.810811 is taken for black, 1.89189 for white"),
    (X * 4096, np.float32, "0 is taken for black, 65536 for white"), (Tensor(INK), np.float32, ""),
    (INK.reshape(-1, 8, 8), np.float32, ""), (INK.reshape(-1, 8, 8, 1), np.float32, ""),
    (INK.reshape(-1, 1, 8, 8), np.float32, ""), (INK.tolist(), np.float32, ""),
    (Frame(INK, [f"pixel{number}" for number in range(64)]), np.float32, "")])
def test_pictures_of_any_range_and_form_are_ink_of_0_to_1(given, dtype, said):
    made = dataset_from_arrays(given, Y, test_share=1)
    assert made.test.pixels.dtype == dtype
    assert made.image_shape == (8, 8)
    np.testing.assert_allclose(made.test.images, INK, atol=0.5 / 255 if dtype == np.uint8 else 1e-6)
    assert said in made.notice
    assert bool(said) == ("black" in made.notice)


def test_what_has_names_or_few_inputs_is_measurements_and_stays_as_it_is():
    made = dataset_from_arrays(Frame(IRIS, ["a", "b", "c", "d"]), KINDS, test_share=1)
    assert made.image_shape is None
    assert made.feature_names == ("a", "b", "c", "d")
    np.testing.assert_allclose(made.test.images, IRIS, rtol=1e-6)
    assert dataset_from_arrays(IRIS, KINDS).feature_names == ()
    assert dataset_from_arrays(X, Y, feature_names=map(str, range(64))).image_shape is None
    assert dataset_from_arrays(IRIS, KINDS, image_shape=(1, 4)).image_shape == (1, 4)


@pytest.mark.parametrize(("labels", "names", "class_names"), [
    (Y, tuple("0123456789"), None), (Y + 5, tuple(map(str, range(5, 15))), None), (Y.astype(float), tuple("0123456789"),
     None), (np.eye(10)[Y], tuple("0123456789"), None), (np.array(list("abcdefghij"))[Y], tuple("abcdefghij"), None),
    (np.array(list("abcdefghij"), object)[Y], tuple("abcdefghij"), None), (Y, tuple("abcdefghij"), "abcdefghij"),
    (Y[:, None], tuple("0123456789"), None), (list(Y), tuple("0123456789"), None),
    (np.array(list("abcdefghij"))[Y], tuple("abcdefghij"), np.array(list("abcdefghij")))])
def test_labels_of_any_form_are_places(labels, names, class_names):
    made = dataset_from_arrays(X, labels, test_share=1, class_names=class_names)
    assert made.class_names == names
    np.testing.assert_array_equal(made.test.labels, Y)


def test_truth_values_are_two_classes():
    made = dataset_from_arrays(X, Y == 3, test_share=1)
    assert made.class_names == ("False", "True")
    np.testing.assert_array_equal(made.test.labels, Y == 3)
    named = dataset_from_arrays(X, Y == 3, test_share=1, class_names=("other", "three"))
    np.testing.assert_array_equal(named.test.labels, Y == 3)


def test_the_test_part_is_a_share_of_each_class_that_the_seed_draws():
    first, again, other = (dataset_from_arrays(X, Y, seed=seed) for seed in (3, 3, 4))
    assert (len(first.train), len(first.test)) == (1497, 300)
    counts = np.bincount(first.test.labels) / np.bincount(Y)
    assert abs(counts - 1 / 6).max() < 0.01
    np.testing.assert_array_equal(first.test.pixels, again.test.pixels)
    assert not np.array_equal(first.test.pixels, other.test.pixels)
    assert "300 of 1,797 rows" in first.notice


def test_a_test_part_that_is_given_has_the_scale_and_the_classes_of_what_is_learned():
    words = np.array(list("abcdefghij"))[Y]
    made = dataset_from_arrays(X[:1000], words[:1000], np.minimum(X[1000:], 8), words[1000:])
    np.testing.assert_array_equal(made.test.labels, Y[1000:])
    np.testing.assert_allclose(made.test.images, np.minimum(X[1000:], 8) / 16)
    from_5 = dataset_from_arrays(X[:1000], Y[:1000] + 5, X[1000:], Y[1000:] + 5)
    np.testing.assert_array_equal(from_5.test.labels, Y[1000:])


def test_without_labels_there_is_nothing_to_learn_and_all_to_see():
    made = dataset_from_arrays(X)
    assert not made.test.has_labels
    assert len(made.test) == len(X)
    with pytest.raises(InputError, match="nothing to learn"):
        _ = made.train
    assert len(dataset_from_arrays(X[0]).test) == 1
    assert len(dataset_from_arrays(INK[0].reshape(8, 8), image_shape=(8, 8)).test) == 1


def test_another_process_loads_it_once_more():
    made = dataset_from_arrays(X, Y, seed=7)
    again = pickle.loads(pickle.dumps(made.reload))()
    assert [digits_sha256(part) for part in (made.train, made.test)] == [
        digits_sha256(part) for part in (again.train, again.test)]


NAN = np.where(np.arange(64) == 5, np.nan, X)


@pytest.mark.parametrize(("arguments", "options", "problem"), [
    ((X, Y[:-1]), {}, "X has 1,797 rows and y has 1,796 labels"),
    ((X, Y), {"class_names": "abc"}, "y goes from 0 to 9, and there are 3 classes"),
    ((X, Y + 1), {"class_names": range(10)}, "give y - 1"),
    ((X, np.array(list("abcdefghij"))[Y]), {"class_names": "abc"}, "y holds 'd', which is none of the 3 classes"),
    ((X, Y), {"class_names": "aabcdefghi"}, "class_names has 'a' twice"),
    ((NAN, Y), {}, r"X\[0, 5\] is nan, and 1,796 more"), ((X * 1j, Y), {}, "complex128"),
    ((Frame(np.where(IRIS > 5, "many", IRIS.astype(object)), "abcd"), KINDS), {},
     r"X\[0, 0\] \(a\) is 'many', no number"),
    ((X, np.full((len(X), 3), 0.3)), {}, "is not one-hot"), ((X, Y + 0.5), {}, r"y\[0\] is 0.5, which is no class"),
    ((X, [None] * len(X)), {}, "a label is missing"), ((X, Y * 1j), {}, "are no classes"),
    (([[1, 2], [3]], [0, 1]), {}, "X is no array"), (([], []), {}, "X has no rows"),
    ((X, Y), {"image_shape": (4, 4)}, r"image_shape is \(4, 4\)"), ((np.zeros((5, 8, 8, 3)), range(5)), {}, "grey"),
    ((X, Y), {"test_share": 2}, "test_share is 2"), ((X, Y), {"feature_names": "abc"}, "3 names"),
    ((X[:9], range(9)), {}, "there is one row of each"), ((X, Y, X), {}, "X_test has no labels"),
    ((X, Y, X[:, :9], Y), {}, "X has 9 inputs"), ((X, Y % 5, X, Y), {}, "y_test holds 5, of which y has none"),
    ((X, None, X, Y), {}, "X has no labels"),
    ((np.full((4, 64), 300.0), [0, 1, 0, 1]), {}, "give pictures that differ")])
def test_what_is_no_data_is_refused_in_a_line(arguments, options, problem):
    with pytest.raises(InputError, match=problem) as caught:
        dataset_from_arrays(*arguments, **options)
    assert "\n" not in str(caught.value)
