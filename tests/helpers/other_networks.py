"""Networks and data that are not ours: other counts of inputs, of layers and of classes, on real data."""

from dataclasses import replace

import numpy as np

from neuralscope.data_loader import Dataset, Digits
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.network.model import Network

TEST_COUNT = 60  # so that a window finds everything out in a moment


def dataset_of(name, inputs, labels, class_names, image_shape=None, feature_names=()):
    """Return a data set whose test part are the first rows, and whose training part are the others."""
    inputs = np.ascontiguousarray(inputs, np.float32)
    labels = np.asarray(labels, np.int64)
    test, train = (Digits(inputs[part], labels[part]) for part in (slice(TEST_COUNT), slice(TEST_COUNT, None)))
    return Dataset(name, "made by a test", tuple(class_names), test, lambda: train, image_shape=image_shape,
                   feature_names=tuple(feature_names))


def small_digits():
    """Return scikit-learn's digits as they are: 8 x 8."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return dataset_of("small digits", found.data / 16, found.target, map(str, range(10)), (8, 8))


def oblong_digits():
    """Return scikit-learn's digits between blank margins: 12 x 20."""
    digits = small_digits()
    pixels = np.concatenate([digits.test.pixels, digits.train.pixels]).reshape(-1, 8, 8)
    labels = np.concatenate([digits.test.labels, digits.train.labels])
    wide = np.pad(pixels, ((0, 0), (2, 2), (6, 6))).reshape(len(pixels), -1)
    return dataset_of("oblong digits", wide, labels, digits.class_names, (12, 20))


def tumours(standardized=False):
    """Return scikit-learn's breast cancer data: 30 measurements as they are, or by mean and deviation; two classes."""
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer()
    values = (found.data - found.data.mean(axis=0)) / found.data.std(axis=0) if standardized else found.data
    return dataset_of("tumours", values, found.target, found.target_names, None, found.feature_names)


def letters(dataset):
    """Return a data set with 26 classes in place of its ten."""
    names = tuple("abcdefghijklmnopqrstuvwxyz")
    return replace(dataset, class_names=names)


def random_model(shipped, dataset, *hidden, seed=2, **names):
    """Return the shipped model with a random network for a data set inside."""
    sizes = [dataset.test.pixels.shape[1], *hidden, len(dataset.class_names)]
    network = Network.random(sizes, **names, rng=np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    parameters = {name: values + rng.normal(0, 0.1, values.shape).astype(np.float32) * (values.ndim == 1)
                  for name, values in network.parameters.items()}
    return replace(shipped, network=network.with_parameters(parameters), metadata={"dataset": dataset.name})


OTHER_NETWORKS = {  # by name: from the shipped model and the embedded digits to a model and its data
    "8x8": lambda shipped, digits: with_random(shipped, small_digits(), 16),
    "12x20": lambda shipped, digits: with_random(shipped, oblong_digits(), 12, 9),
    "30 features": lambda shipped, digits: with_random(shipped, tumours(), 16),
    "30 standardized features": lambda shipped, digits: with_random(shipped, tumours(True), 12, head="sigmoid"),
    "30 features, no hidden layer": lambda shipped, digits: with_random(shipped, tumours(True)),
    "no hidden layer": lambda shipped, digits: with_random(shipped, few(digits)),
    "one hidden neuron": lambda shipped, digits: with_random(shipped, few(digits), 1),
    "ten layers": lambda shipped, digits: with_random(shipped, few(digits), *(9,) * 9, activation="elu"),
    "every activation": lambda shipped, digits: with_activations(shipped, few(digits), 1),
    "every activation without bounds": lambda shipped, digits: with_activations(shipped, few(digits), np.inf),
    "two classes": lambda shipped, digits: with_random(shipped, two_classes(few(digits)), 8, head="sigmoid"),
    "NaN into a neuron": lambda shipped, digits: with_values(shipped, few(digits), W1=(slice(12), 7, np.nan)),
    "infinite outputs": lambda shipped, digits: with_values(shipped, few(digits), b2=(3, np.inf), W2=(5, 4, -np.inf)),
    "NaN in an output": lambda shipped, digits: with_values(shipped, few(digits), W2=(slice(3), 2, np.nan)),
    "NaN in sigmoid": lambda shipped, digits: with_values(
        random_model(shipped, few(digits), 30, 20, head="sigmoid", activation="leaky-relu"), few(digits),
        W2=(4, 4, np.nan), b3=(1, np.inf)),
    "nothing but NaN": lambda shipped, digits: with_values(shipped, few(digits), W1=(..., np.nan), W2=(..., np.nan)),
    "NaN without a hidden layer": lambda shipped, digits: with_values(
        random_model(shipped, few(digits)), few(digits), W1=(400, 3, np.nan), b1=(2, -np.inf)),
    "26 classes": lambda shipped, digits: with_random(shipped, letters(few(digits)), 20, activation="tanh"),
}


def with_random(shipped, dataset, *hidden, **names):
    """Return a random model for a data set, and the data set."""
    return random_model(shipped, dataset, *hidden, **names), dataset


def with_values(model, dataset, **places):
    """Return a model in whose parameters single values are others, and the data set.

    ``places``: by the parameter's name an index, as far as that goes, and the value.
    """
    parameters = {name: values.copy() for name, values in model.network.parameters.items()}
    for name, (*index, value) in places.items():
        parameters[name][tuple(index)] = value
    return replace(model, network=model.network.with_parameters(parameters)), dataset


def with_activations(shipped, dataset, bias):
    """Return a random model with a layer for each activation, ``bias`` at one neuron of the first, and the data set."""
    model = random_model(shipped, dataset, *(8,) * len(ACTIVATIONS))
    names = [*ACTIVATIONS, "softmax"]
    layers = [replace(layer, activation=name) for layer, name in zip(model.network.layers, names, strict=True)]
    return with_values(replace(model, network=Network(tuple(layers))), dataset, b1=(2, bias))


def few(digits):
    """Return a data set with few test digits."""
    return replace(digits, test=Digits(digits.test.pixels[:TEST_COUNT], digits.test.labels[:TEST_COUNT]))


def two_classes(dataset):
    """Return a data set of which all is read as odd or even."""
    labels = dataset.test.labels % 2
    return replace(dataset, class_names=("even", "odd"), test=Digits(dataset.test.pixels, labels))
