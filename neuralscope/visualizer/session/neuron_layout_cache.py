"""Orders of neurons kept in the cache folder, so that the next start need not find them again."""

import contextlib
import hashlib

import numpy as np

from neuralscope.analysis.neuron_layout import SAMPLE_SIZE
from neuralscope.datasets import cache
from neuralscope.errors import InputError
from neuralscope.safe_files import write_atomically

METHOD_VERSION = 2  # another number and no kept order counts any more
MAX_CACHED_ORDERS = 50  # orders in the cache, of at most a few kilobytes each


def load_order(network, layer, shape, images=None):
    """Return the order that was kept for these very arguments, or None where none is whole."""
    neurons = len(network.layers[layer].biases)
    try:
        path = _order_path(network, layer, shape, images)
        if not path.is_file():  # to open a pipe would wait for its other end
            return None
        with open(path, "rb") as file:
            content = file.read(4 * neurons + 1)
    except OSError:
        return None
    if len(content) != 4 * neurons:
        return None
    order = np.frombuffer(content, "<i4").astype(np.int64)
    return order if np.array_equal(np.sort(order), np.arange(neurons)) else None


def save_order(network, layer, shape, order, images=None):
    """Keep an order for the next start, and the latest ``MAX_CACHED_ORDERS`` of all; do nothing where that fails."""
    with contextlib.suppress(OSError, InputError):
        path = _order_path(network, layer, shape, images)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, order.astype("<i4").tobytes(), "NEURALSCOPE_CACHE_DIR")
        kept = sorted(path.parent.glob("arrangement-*"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-MAX_CACHED_ORDERS]:
            old.unlink()


def _order_path(network, layer, shape, images):
    """Return where this order is kept: named by all that it depends on."""
    names = [layer.activation for layer in network.layers]
    digest = hashlib.sha256(f"{METHOD_VERSION} {layer} {tuple(shape)} {network.sizes} {network.dtype} {names}".encode())
    for array in (*network.parameters.values(), *([] if images is None else [images[:SAMPLE_SIZE]])):
        digest.update(np.ascontiguousarray(array))
    return cache.cache_folder() / f"arrangement-{digest.hexdigest()}"

