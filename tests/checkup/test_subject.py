"""What a check-up is given: each thing that cannot be is refused in one line, before anything is computed."""

import numpy as np
import pytest

import neuralscope
from neuralscope.checkup.network_check import check
from neuralscope.checkup.subject import data_of_arrays
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
    assert neuralscope.check(good, images, labels).subject == "network"


def test_images_and_labels_that_do_not_go_together(good, images, labels):
    assert "labels have shape (49,), and there are 50 images" in refused(good, images, labels[:-1])
    assert "there is a label 10, but the network has 10 outputs, numbered from 0" in refused(good, images, labels + 1)
    assert "not whole numbers" in refused(good, images, labels + 0.5)
    assert "not whole numbers" in refused(good, images, labels - 20)
    assert "takes 784 inputs, but an image has 100" in refused(good, images[:, :100], labels)
    assert "infinite or not a number" in refused(good, np.full_like(images, np.nan), labels)
    assert "numbers (n, inputs)" in refused(good, images[0], labels[:1])
    assert "9 names for 10 classes" in refused(good, images, labels, class_names="abcdefghi")
    assert "another image_shape" in refused(good, images, labels, image_shape=(28, 29))
    assert "training images have 10 inputs" in refused(good, images, labels, train=(images[:, :10], labels))
    assert "a list is no network" in refused([1], images, labels)
    assert "no such file" in refused("none.npz", images, labels)


def test_gradients_that_cannot_be(good, images, labels):
    def said(**gradients):
        return refused(good, images, labels, gradients=gradients)

    assert "gradients name 'W7', which is no parameter; name some of W1, b1, W2, b2" in said(W7=np.zeros(3))
    assert "the gradient of b2 is float64 of shape (9,), and b2 has (10,)" in said(b2=np.zeros(9))
    assert "the gradient of b2 is None" in said(b2=None)
    assert "infinite or not a number" in said(b2=np.full(10, np.nan))
    assert "there is none among them" in said()


def test_how_images_are_read(good, images, labels):
    for given, fed, knows in ((images, "0..1", True), (np.rint(images * 255).astype(np.uint8), "0..1", True),
                              (images * 255, "0..255", True), (images * 2 - 1, "0..1", False),
                              (images.reshape(-1, 28, 28), "0..1", True), (images.tolist(), "0..1", True)):
        data = data_of_arrays(given, labels, classes=10)
        assert (data.fed.name, data.knows_ink, data.image_shape) == (fed, knows, (28, 28))
        assert data.test.images.shape == (50, 784)
        if knows:
            assert data.test.images == pytest.approx(images, abs=0.002)
    assert data_of_arrays(images[:, :30], None, classes=10).image_shape is None
