"""Where each hidden neuron stands on its sheet: neighbours do alike and push alike; each class lights up a region.

Linear Assignment Sorting (Barthel, Hezel, Jung & Schall 2023, "Improved Evaluation and Generation of Grid Layouts using
Distance Preservation Quality and Linear Assignment Sorting", Computer Graphics Forum 42): blur the sheet of the
neurons' features, give each neuron the blurred cell that it fits, and again with a smaller radius.
"""

import contextlib
import hashlib
import importlib

import numpy as np

from neuralscope.datasets import cache
from neuralscope.errors import InputError
from neuralscope.safe_files import write_whole

METHOD = 2  # another number and no kept order counts any more
SAMPLE = 1000  # images that are looked at; 200 give nearly the same
PUSHES = 0.5  # of pushes beside activations; more lets pushes agree better, and activations less
LARGEST, SMALLEST, SHRINK = 0.4, 0.7, 0.8  # radii: of the sheet's longer side, in cells, and from one to the next
BLOCK = 256  # neurons that change places at once; assigning twice as many takes five times as long
KEPT = 50  # orders in the cache, of at most a few kilobytes each


def features(network, layer, images=None):
    """Return what is alike in neighbours, of hidden layer ``layer`` (from 0): ``(neurons, features)`` float64.

    With ``images`` (n, inputs): each neuron's mean activation for the images read as each class, less the mean of
    these, beside what it then pushes this class by. Without: what it says to the classes, of length 1, or 0 where it
    says nothing; neighbours then push alike, but what they do for a digit is hardly more alike than by chance.
    """
    said = network.layers[layer + 1].weights.astype(np.float64)
    for following in network.layers[layer + 2:]:
        said = said @ following.weights
    said -= said.mean(axis=1, keepdims=True)  # softmax ignores what is said to all classes alike
    if images is None:
        return unit(said, axis=1)
    trace = network.forward(images[:SAMPLE])
    answers = np.eye(said.shape[1])[trace.predictions]
    did = trace.activations[layer].T @ answers / np.maximum(answers.sum(axis=0), 1)
    return np.hstack([unit(did - did.mean(axis=1, keepdims=True)), PUSHES * unit(did * said)])


def unit(vectors, axis=None):
    """Return vectors of length 1, or all of them together; 0 stays 0."""
    length = np.linalg.norm(vectors, axis=axis, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def arranging(network, layer, shape, images=None):
    """Find out which neuron stands where; yields between steps of work of about 0.1 s at most.

    Returns ``order`` (neurons,) int64: the number of the neuron in each cell of a sheet of ``shape`` (rows, columns),
    row by row; the cells after these stay empty. ``images`` as in ``features``; only the first ``SAMPLE`` count.
    The same arguments give the same order.
    """
    for package in ("scipy.linalg", "scipy.sparse.linalg", "scipy.special", "scipy.optimize"):  # 0.4 s together
        importlib.import_module(package)
        yield
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(0)
    vectors = features(network, layer, images)
    order = planar(vectors, shape[1])
    radius = max(LARGEST * max(shape), SMALLEST)
    while radius >= SMALLEST:
        goals = blurred(vectors[order], shape, radius)
        blocks = -(-len(order) // BLOCK)
        for _ in range(1 if blocks == 1 else 2):
            for cells in np.array_split(rng.permutation(len(order)), blocks):
                _, chosen = linear_sum_assignment(goals[cells] @ vectors[order[cells]].T, maximize=True)
                order[cells] = order[cells[chosen]]
                yield
        radius *= SHRINK
    return order


def planar(vectors, columns):
    """Return a first order: along the first principal component into rows, along the second in each row."""
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    first, second = (centred @ directions[:2].T).T if len(directions) > 1 else (centred @ directions[0],) * 2
    rows = np.argsort(np.argsort(first, kind="stable"), kind="stable") // columns
    return np.lexsort((second, rows))


def blurred(vectors, shape, radius):
    """Return the vectors of the first cells of a sheet, each the mean of those around it, weighted by a Gaussian."""
    cells = np.zeros((shape[0] * shape[1], vectors.shape[1] + 1))
    cells[:len(vectors), :-1], cells[:len(vectors), -1] = vectors, 1  # the last column adds up the weights
    down, across = (np.exp(-0.5 * (np.subtract.outer(np.arange(side), np.arange(side)) / radius) ** 2)
                    for side in shape)
    sums = np.einsum("ij,jkf,kl->ilf", down, cells.reshape(*shape, -1), across, optimize=True)
    sums = sums.reshape(cells.shape)[:len(vectors)]
    return sums[:, :-1] / sums[:, -1:]


def kept(network, layer, shape, images=None):
    """Return the order that was kept for these very arguments, or None where none is whole."""
    neurons = len(network.layers[layer].biases)
    try:
        with open(_path(network, layer, shape, images), "rb") as file:
            content = file.read(4 * neurons + 1)
    except OSError:
        return None
    if len(content) != 4 * neurons:
        return None
    order = np.frombuffer(content, "<i4").astype(np.int64)
    return order if np.array_equal(np.sort(order), np.arange(neurons)) else None


def keep(network, layer, shape, order, images=None):
    """Keep an order for the next start, and the latest ``KEPT`` of all; do nothing where that fails."""
    path = _path(network, layer, shape, images)
    with contextlib.suppress(OSError, InputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, order.astype("<i4").tobytes(), "NEURALSCOPE_CACHE_DIR")
        for old in sorted(path.parent.glob("arrangement-*"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()


def _path(network, layer, shape, images):
    """Return where this order is kept: named by all that it depends on."""
    names = [layer.activation for layer in network.layers]
    digest = hashlib.sha256(f"{METHOD} {layer} {tuple(shape)} {network.sizes} {network.dtype} {names}".encode())
    for array in (*network.parameters.values(), *([] if images is None else [images[:SAMPLE]])):
        digest.update(np.ascontiguousarray(array))
    return cache.folder() / f"arrangement-{digest.hexdigest()}"
