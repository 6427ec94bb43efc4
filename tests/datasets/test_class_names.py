"""The classes of a data set and those of a network: by name, or by place where only one of them has names."""

import numpy as np
import pytest

from neuralscope.datasets.class_names import matching_places, network_class_names
from neuralscope.datasets.registry import CLASS_NAMES, DIGIT_NAMES
from neuralscope.errors import InputError


def test_a_network_s_classes_are_those_in_its_file_or_its_set_s_or_numbers():
    assert network_class_names({"class_names": ["a", "b"]}, 2) == ("a", "b")
    fashion = {"class_names": ["a", "b"], "dataset": "fashion_mnist"}
    assert network_class_names(fashion, 10) == CLASS_NAMES["fashion_mnist"]
    assert network_class_names({"dataset": "digits.csv"}, 3) == ("0", "1", "2")


@pytest.mark.parametrize(("names", "known", "places", "said"), [
    (("2", "10"), ("10", "2", "x"), [1, 0], ""),
    (("0", "2"), ("a", "b", "c"), [0, 2], "labels 0 to 2 are taken for a to c"),
    (CLASS_NAMES["kmnist"], DIGIT_NAMES, range(10), "o to wo are taken for 0 to 9"),
])
def test_what_belongs_together(names, known, places, said):
    found, notice = matching_places("data", names, known)
    np.testing.assert_array_equal(found, places)
    assert notice == said


@pytest.mark.parametrize(("names", "known"), [
    (("a", "b"), ("0", "1")), (("0", "3"), ("a", "b", "c")), (("1", "11"), DIGIT_NAMES),
    (CLASS_NAMES["kmnist"], CLASS_NAMES["fashion_mnist"]),
])
def test_what_does_not_is_refused(names, known):
    with pytest.raises(InputError, match=r"data has the label .*, which is none of the network's"):
        matching_places("data", names, known)
