"""What a check-up is given: each thing that cannot be is refused in one line, before anything is computed."""

import numpy as np
import pytest

import neuralscope
from neuralscope.api.checking import check
from neuralscope.errors import InputError


@pytest.fixture
def images(mixed):
    return mixed.test.images[:50]


@pytest.fixture
def labels(mixed):
    return mixed.test.labels[:50]


def refused(*arguments, **options):
    with pytest.raises(InputError) as caught:
        check(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_package_has_it(good, images, labels):
    assert "check" in dir(neuralscope)
    assert neuralscope.check(good, images, labels).subject == "your network"


def test_images_and_labels_that_do_not_go_together(good, images, labels):
    assert "X has 50 rows and y has 49 labels" in refused(good, images, labels[:-1])
    assert "y goes from 1 to 10, and there are 10 classes, numbered from 0; give y - 1" in refused(
        good, images, np.arange(50) % 10 + 1)
    assert "y[0] is 0.5" in refused(good, images, np.zeros(50) + 0.5)
    assert "X has 100 inputs a row, and the network takes 784" in refused(good, images[:, :100], labels)
    assert "NaN or infinite" in refused(good, np.full_like(images, np.nan), labels)
    assert "class_names has 9 names, and the network has 10" in refused(good, images, labels, class_names="abcdefghi")
    assert "image_shape is (28, 29)" in refused(good, images, labels, image_shape=(28, 29))
    assert "X has 10 inputs a row, and the first had 784" in refused(
        good, images, labels, train=(images[:, :10], labels))
    assert "the training y has 49 labels" in refused(good, images, labels, train=(images, labels[1:]))
    assert "both train and X_test" in refused(good, images, labels, images, labels, train=(images, labels))
    assert "y_test has no rows" in refused(good, images, labels, y_test=labels)
    assert "no such file" in refused("none.npz", images, labels)
    assert "object is no network that is known" in refused(object(), images, labels)
    arrays = [each for layer in good.layers for each in (layer.weights, layer.biases)]
    assert "leaves open the hidden activation, and there are no labelled images" in refused(arrays, images)


def test_gradients_that_cannot_be(good, images, labels):
    def said(**gradients):
        return refused(good, images, labels, gradients=gradients)

    assert "gradients name 'W7', which is no parameter; name some of W1, b1, W2, b2" in said(W7=np.zeros(3))
    assert "the gradient of b2 is float64 of shape (9,), and b2 has (10,)" in said(b2=np.zeros(9))
    assert "the gradient of b2 is None" in said(b2=None)
    assert "infinite or not a number" in said(b2=np.full(10, np.nan))
    assert "there is none among them" in said()
