"""A caller's model of another library, a file's or arrays, with the rows that settle what it leaves open."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from neuralscope.api.rows import network_rows, own_scale
from neuralscope.data_loader import Dataset, Digits, load
from neuralscope.datasets.array_inputs import as_rows, column_names
from neuralscope.datasets.class_names import network_class_names
from neuralscope.errors import InputError, sentence
from neuralscope.network.evaluation import answer, mcnemar_p
from neuralscope.network.importers.choices import Choices
from neuralscope.network.inputs import InputScale
from neuralscope.network.storage import SavedNetwork

UNSAVED = Path("your network")  # what the window calls a network that is in no file


def open_foreign(model: Any, X: Any, y: Any, described: dict[str, Any],  # noqa: N803
                 reading: dict[str, Any]) -> tuple[SavedNetwork, Dataset, str]:
    """Return what `open_network` does of a network from elsewhere: X is as it was fed, unless that reads it worse."""
    from neuralscope.network.importers.text import KEYWORDS, settled_parts
    from neuralscope.runs.open_network import foreign_metadata

    foreign, path = read_foreign(model, X, described["image_shape"], reading.get("layout"))
    sizes, known = foreign_facts(foreign)
    data = network_rows(sizes, known, X, y, described) if X is not None else load()
    rows = data.test if X is not None else data.train
    with keywords_named():
        settled = settle_scale(foreign, rows, None if X is None else own_scale(X, data), reading)
    metadata = foreign_metadata(settled, path, data.class_names or network_class_names(known, max(sizes[1], 2)), data)
    saved = SavedNetwork(path, settled.network, metadata, {}, {}, settled_parts(settled, KEYWORDS))
    return saved, data, sentence(data.notice, f"{path}: {sentence(*saved.assumed)}")


def read_foreign(model: Any, X: Any, image_shape: tuple[int, int] | None,  # noqa: N803
                 layout: str | None) -> tuple[Any, Path]:
    """Return the ForeignNetwork of a file or an object, and what it is called; raises InputError.

    X, or None, and ``layout`` tell which way round a chain of arrays goes.
    """
    from neuralscope.network import importers
    from neuralscope.network.importers.foreign import Ends

    inputs = None if X is None else as_rows(X, image_shape, "X", column_names(X))[0].shape[1]
    ends = Ends(inputs, None, layout or "")
    if isinstance(model, (str, os.PathLike)):
        return importers.read(model, ends), Path(model)
    return importers.from_object(model, ends), UNSAVED


@contextmanager
def keywords_named() -> Iterator[None]:
    """Let who leaves something open be told by which keyword to say it."""
    from neuralscope.network.importers.settle import LeftOpenError
    from neuralscope.network.importers.text import KEYWORDS, remedy

    try:
        yield
    except LeftOpenError as error:
        raise InputError(error.problem, remedy(error.names, KEYWORDS)) from None


def foreign_facts(foreign: Any) -> tuple[tuple[int, int], dict[str, Any]]:
    """Return the inputs and outputs of a ForeignNetwork, and what it says of its classes as metadata does."""
    sizes = foreign.layers[0].weights.shape[0], foreign.layers[-1].weights.shape[1]
    return sizes, {"class_names": list(foreign.class_names)} if foreign.class_names else {}


def settle_scale(foreign: Any, rows: Digits, scale: InputScale | None, reading: dict[str, Any]) -> Any:
    """Return the Settled network: fed as X is, or otherwise where by that its rows are read surely better."""
    from neuralscope.network.importers.settle import UNDECIDED_P, settle

    given = rows.pixels, (rows.labels if rows.has_labels else None)
    if scale is None:
        return settle(foreign, *given, Choices(**reading))
    as_x = {"transposed_images": False} | ({"scale": scale} if foreign.scale is None else {})
    as_fed = settle(foreign, *given, Choices(**(as_x | reading)))
    if not rows.has_labels:
        return as_fed
    found = settle(foreign, *given, Choices(**reading))
    right, as_fed_right = (answer(settled.network, rows.pixels).predictions == rows.labels
                           for settled in (found, as_fed))
    is_better = right.sum() > as_fed_right.sum() and mcnemar_p(right, as_fed_right) <= UNDECIDED_P
    return found if is_better else as_fed
