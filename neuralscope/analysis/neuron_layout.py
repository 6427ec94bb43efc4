"""Where each hidden neuron stands on its sheet: neighbours act and contribute alike; each class lights up a region.

Linear Assignment Sorting (Barthel, Hezel, Jung & Schall 2023, "Improved Evaluation and Generation of Grid Layouts using
Distance Preservation Quality and Linear Assignment Sorting", Computer Graphics Forum 42): blur the sheet of the
neurons' features, give each neuron the blurred cell that it fits, and again with a smaller radius.
"""

import importlib
from collections.abc import Generator

import numpy as np

from neuralscope.network.model import Network

SAMPLE_SIZE = 1000  # images that are looked at; 200 give nearly the same
CONTRIBUTION_WEIGHT = 0.5  # beside activations; more lets contributions agree better, and activations less
# radii: of the sheet's longer side, in cells, and from one to the next
LARGEST_RADIUS_SHARE, SMALLEST_RADIUS_CELLS, RADIUS_SHRINK_FACTOR = 0.4, 0.7, 0.8
BLOCK_SIZE = 256  # neurons that change places at once; assigning twice as many takes five times as long


@np.errstate(invalid="ignore", over="ignore")
def neuron_features(network: Network, layer: int, images: np.ndarray | None = None) -> np.ndarray:
    """Return what is alike in neighbours, of hidden layer ``layer`` (from 0): ``(neurons, features)`` float64.

    With ``images`` (n, inputs): each neuron's mean activation for the images read as each class, less the mean of
    these, beside its contributions to this class then. Without: what it says to the classes, of length 1, or 0 where it
    says nothing; neighbours then contribute alike, but what they do for a digit is hardly more alike than by chance.
    What is no number, for weights that are none, counts as 0.
    """
    influences = network.layers[layer + 1].weights.astype(np.float64)
    for following in network.layers[layer + 2:]:
        influences = influences @ following.weights
    influences -= influences.mean(axis=1, keepdims=True)  # softmax ignores what is said to all classes alike
    influences = np.nan_to_num(influences, posinf=0, neginf=0)
    if images is None:
        return unit_vectors(influences, axis=1)
    trace = network.forward(images[:SAMPLE_SIZE])
    answers = np.eye(influences.shape[1])[trace.predictions]
    activations = np.nan_to_num(trace.activations[layer], posinf=0, neginf=0)
    activity = activations.T @ answers / np.maximum(answers.sum(axis=0), 1)
    return np.hstack([unit_vectors(activity - activity.mean(axis=1, keepdims=True)),
                      CONTRIBUTION_WEIGHT * unit_vectors(activity * influences)])


def unit_vectors(vectors: np.ndarray, axis: int | None = None) -> np.ndarray:
    """Return vectors of length 1, or all of them together; 0 stays 0."""
    length = np.linalg.norm(vectors, axis=axis, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def find_order(network: Network, layer: int, shape: tuple[int, int],
               images: np.ndarray | None = None) -> Generator[None, None, np.ndarray]:
    """Find out which neuron stands where; yields between steps of work of about 0.1 s at most.

    Returns ``order`` (neurons,) int64: the number of the neuron in each cell of a sheet of ``shape`` (rows, columns),
    row by row; the cells after these stay empty. ``images`` as in ``neuron_features``; only the first ``SAMPLE_SIZE``
    count. The same arguments give the same order.
    """
    for package in ("scipy.linalg", "scipy.sparse.linalg", "scipy.special", "scipy.optimize"):  # 0.4 s together
        importlib.import_module(package)
        yield
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(0)
    vectors = neuron_features(network, layer, images)
    order = principal_component_order(vectors, shape[1])
    radius = max(LARGEST_RADIUS_SHARE * max(shape), SMALLEST_RADIUS_CELLS)
    while radius >= SMALLEST_RADIUS_CELLS:
        goals = blur_cells(vectors[order], shape, radius)
        blocks = -(-len(order) // BLOCK_SIZE)
        for _ in range(1 if blocks == 1 else 2):
            for cells in np.array_split(rng.permutation(len(order)), blocks):
                _, chosen = linear_sum_assignment(goals[cells] @ vectors[order[cells]].T, maximize=True)
                order[cells] = order[cells[chosen]]
                yield
        radius *= RADIUS_SHRINK_FACTOR
    return order


def principal_component_order(vectors: np.ndarray, columns: int) -> np.ndarray:
    """Return a first order: along the first principal component into rows, along the second in each row."""
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    first, second = (centred @ directions[:2].T).T if len(directions) > 1 else (centred @ directions[0],) * 2
    rows = np.argsort(np.argsort(first, kind="stable"), kind="stable") // columns
    return np.lexsort((second, rows))


def blur_cells(vectors: np.ndarray, shape: tuple[int, int], radius: float) -> np.ndarray:
    """Return the vectors of the first cells of a sheet, each the mean of those around it, weighted by a Gaussian."""
    cells = np.zeros((shape[0] * shape[1], vectors.shape[1] + 1))
    cells[:len(vectors), :-1], cells[:len(vectors), -1] = vectors, 1  # the last column adds up the weights
    down, across = (np.exp(-0.5 * (np.subtract.outer(np.arange(side), np.arange(side)) / radius) ** 2)
                    for side in shape)
    sums = np.einsum("ij,jkf,kl->ilf", down, cells.reshape(*shape, -1), across, optimize=True)
    sums = sums.reshape(cells.shape)[:len(vectors)]
    return sums[:, :-1] / sums[:, -1:]
