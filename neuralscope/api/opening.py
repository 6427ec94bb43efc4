"""What a caller names, opened: a network of whatever kind, and the rows that it is looked at with."""

import dataclasses
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from neuralscope.api.training import Training
from neuralscope.array_data import dataset_from_arrays
from neuralscope.data_loader import Dataset, Digits, load
from neuralscope.datasets.array_inputs import as_rows, column_names, read_inputs
from neuralscope.datasets.array_labels import called_by_name, checked_names
from neuralscope.datasets.class_names import network_class_names
from neuralscope.datasets.split import check_seed
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.network import nonfinite, storage
from neuralscope.network.evaluation import answer, mcnemar_p
from neuralscope.network.importers.choices import Choices
from neuralscope.network.inputs import InputScale
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs.network_data import load_network_data

UNSAVED = Path("your network")  # what the window calls a network that is in no file


def open_network(model: Any = None, X: Any = None, y: Any = None, *, class_names: Sequence[Any] | None = None,  # noqa: N803
                 image_shape: tuple[int, int] | None = None, feature_names: Sequence[str] | None = None,
                 **reading: Any) -> tuple[SavedNetwork, Dataset, str]:
    """Return a network, the Dataset whose test part is all rows of X, and in a line what was assumed, or "".

    ``model``: a Network, what ``train`` returned, a file's path, arrays, an object of scikit-learn, PyTorch or Keras;
    None: the network that the window opens by itself. Without X: the rows that a ``train`` learned from, or MNIST.
    ``reading``: what is known of a network from elsewhere, by the names of `Choices`. Raises InputError.
    """
    if strangers := [name for name in reading if name not in Choices.__dataclass_fields__]:
        raise InputError(f"there is no option {strangers[0]!r}",
                         f"of networks from elsewhere there are {', '.join(Choices.__dataclass_fields__)}")
    saved, data = own_network(model)
    described = {"class_names": class_names, "image_shape": image_shape, "feature_names": feature_names}
    if saved is None:
        saved, data, notice = open_foreign(model, X, y, described, reading)
    else:
        data = own_rows(saved, data, X, y, described, reading)
        notice = data.notice
    return saved, data, sentence(notice, condition_text(saved.network, data))


def own_rows(saved: SavedNetwork, data: Dataset | None, X: Any, y: Any, described: dict[str, Any],  # noqa: N803
             reading: dict[str, Any]) -> Dataset:
    """Return the rows to look at a network of NeuralScope's own with; ``data``: what it learned from, or None."""
    if reading:
        raise InputError(f"{next(iter(reading))} is of networks from elsewhere, and this one is NeuralScope's own",
                         "leave it out")
    if X is not None:
        return network_rows(saved.network.sizes, saved.metadata, X, y, described)
    return data or load_network_data(saved, "auto")[0]


def condition_text(network: Network, data: Dataset) -> str:
    """Return which weights are no numbers, or that the network's sums overflow on some rows; "" where all is well."""
    damaged = nonfinite.text(nonfinite.locate(network))
    return damaged or nonfinite.overflow_text(network, data.test.images, data.name)


def own_network(model: Any) -> tuple[SavedNetwork | None, Dataset | None]:
    """Return a network of NeuralScope's own, and what it learned from where that is at hand; None: it is another's."""
    if model is None:
        return storage.load(storage.find_weights()), None
    if isinstance(model, SavedNetwork):
        return model, None
    if isinstance(model, Training):
        return in_memory(model.network, model.history.dataset), model.history.dataset
    if isinstance(model, Network):
        return in_memory(model), None
    if isinstance(getattr(model, "network_", None), Network):  # the estimator
        saved = in_memory(model.network_)
        return dataclasses.replace(saved, metadata={"class_names": list(map(str, model.classes_.tolist()))}), None
    if isinstance(model, (str, os.PathLike)):
        from neuralscope.runs.open_network import is_foreign

        if not is_foreign(Path(model)):
            return storage.load(model), None
    return None, None


def in_memory(network: Network, data: Dataset | None = None) -> SavedNetwork:
    """Return a SavedNetwork of a network that is in no file."""
    metadata: dict[str, Any] = {}
    if data:
        metadata["class_names"] = list(data.class_names)
        if data.image_shape:
            metadata["image_shape"] = list(data.image_shape)
        elif data.feature_names:
            metadata["feature_names"] = list(data.feature_names)
    return SavedNetwork(UNSAVED, network, metadata, {}, {})


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


def own_scale(X: Any, data: Dataset) -> InputScale:  # noqa: N803
    """Return the scale on which X is, of the pixels of its Dataset."""
    inputs = read_inputs(X, data.image_shape, data.feature_names or None)
    return InputScale("as X has them", np.array(inputs.high - inputs.low), np.array(inputs.low))


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


def network_rows(sizes: Sequence[int], metadata: dict[str, Any], X: Any, y: Any,  # noqa: N803
                 described: dict[str, Any]) -> Dataset:
    """Return a caller's rows as a network of these ``sizes`` takes them; raises InputError where they do not fit."""
    inputs, outputs = sizes[0], max(sizes[-1], 2)  # one output tells two classes apart
    names = None if described["class_names"] is None else checked_names(described["class_names"])
    if names is not None and len(names) != outputs:
        raise InputError(f"class_names has {counted(len(names), 'name')}, and the network has "
                         f"{counted(outputs, 'class', 'classes')}", "give one name for each")
    count = as_rows(X, described["image_shape"], "X", column_names(X))[0].shape[1]
    if count != inputs:
        raise InputError(f"X has {counted(count, 'input')} a row, and the network takes {inputs:,}",
                         "give the rows that it takes")
    given: dict[str, Any] = {"image_shape": described["image_shape"] or metadata.get("image_shape"), "test_share": 1,
             "feature_names": described["feature_names"] or metadata.get("feature_names")}
    known = names if names is not None else network_class_names(metadata, outputs)
    if names is None:
        y = called_by_name(y, known)
    try:
        return dataset_from_arrays(X, y, class_names=known, **given)
    except InputError:
        if names is not None or metadata.get("class_names"):
            raise
        data = dataset_from_arrays(X, y, **given)  # words, where nobody said what the classes are called
        if len(data.class_names) != outputs or data.class_names[-1].isdecimal():
            raise
        words = f"classes are {', '.join(data.class_names)}, in this order" if outputs < 9 else "classes are in order"
        return dataclasses.replace(data, notice=sentence(data.notice, f"{words} (class_names= says another)"))


def session_factory(saved: SavedNetwork, data: Dataset, digit: int | None = None,
                    seed: int | None = None) -> Callable[[], Any]:
    """Return a function that begins a Session, all of which share what is found out; raises InputError."""
    from neuralscope.visualizer.arguments import find_snapshots
    from neuralscope.visualizer.session.analysis_cache import AnalysisCache
    from neuralscope.visualizer.session.session import Session

    count = len(data.test)
    if digit is not None and not (isinstance(digit, Integral) and 0 <= digit < count):
        raise InputError(f"digit is {digit!r}, and there are {counted(count, 'row')}",
                         f"choose one from 0 to {count - 1}")
    if seed is not None:
        check_seed(seed)
    analysis = AnalysisCache(saved.network, data.test)
    look_for_snapshots = functools.cache(functools.partial(find_snapshots, saved) if saved.path != UNSAVED else no_file)

    def new_session() -> Any:
        session = Session(saved, data, np.random.default_rng(seed), digit, analysis)
        session.snapshot_choice.look_for_snapshots = look_for_snapshots
        return session

    return new_session


def no_file() -> tuple[None, InputError]:
    """Return that a network which is in no file has no snapshots, as `find_snapshots` does."""
    from neuralscope.runs.snapshots import SNAPSHOTS_HINT

    return None, InputError("a network that is in no file has no snapshots", SNAPSHOTS_HINT)


def theme_of(name: str) -> Any:
    """Return the Theme of this name; raises InputError."""
    from neuralscope.visualizer.drawing.theme import THEMES

    return named(THEMES, name, "theme")


def view_of(name: str) -> Any:
    """Return the view, a class, of this name, as the window has them at the top; raises InputError."""
    from neuralscope.visualizer.views import VIEWS

    return named({view.title: view for view in VIEWS}, name, "view")


def named(table: dict[str, Any], name: str, noun: str) -> Any:
    """Return what a table has under a name; raises InputError."""
    if not isinstance(name, str) or name not in table:
        raise InputError(f"there is no {noun} {name!r}", f"choose one of {', '.join(table)}")
    return table[name]
