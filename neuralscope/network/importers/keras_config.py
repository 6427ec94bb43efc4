"""Keras' description of a model, in JSON's types, and its variables: read into a ForeignNetwork if it is a chain.

Nothing that it describes is run: a class's name is looked up in a table of ours, or refused.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.keras_layers import add_layer, known_layer
from neuralscope.network.importers.operation_chain import OperationChain, refusal
from neuralscope.network.importers.operations import REFUSED_REMEDY

NO_MODEL = "its description is not that of a Keras model"
MODELS = ("Sequential", "Functional", "Model")


class LayerEntry(NamedTuple):
    """A layer as a model's description has it: its place from 1, its class, its own name, and its config."""

    place: int
    kind: str
    name: str
    config: dict[str, Any]


Variables = Callable[[LayerEntry, tuple[str, ...]], list[np.ndarray]]  # the arrays of a layer by their names


def parse_model(text: str) -> tuple[str, dict[str, Any]]:
    """Return a model's class and config from its description as JSON; raises InputError."""
    try:
        model = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("its description is not JSON") from None
    if not isinstance(model, dict) or not isinstance(model.get("config"), dict):
        raise InputError(NO_MODEL)
    return str(model.get("class_name")), model["config"]


@np.errstate(all="ignore")  # what is not finite is shown where it is
def read_config(kind: str, config: dict[str, Any], variables: Variables, format: str) -> ForeignNetwork:
    """Return the ForeignNetwork of a model of this class; raises InputError where it is no chain of known layers."""
    if kind not in MODELS:
        raise InputError(f"it is a {kind}, a class of its author's, whose code alone says what it computes",
                         "only Sequential and Functional models are read")
    entries = list(layer_entries(config.get("layers")))
    if kind != "Sequential":
        check_chain(config, entries)
    chain = OperationChain(input_shape(config, entries))
    for entry in entries:
        names = known_layer(entry.place, entry.kind).variables(entry.config)
        add_layer(chain, entry.place, entry.kind, entry.config, variables(entry, names))
    return chain.fold(format)


def layer_entries(layers: Any) -> Iterator[LayerEntry]:
    """Yield the layers of a description; raises InputError."""
    if not isinstance(layers, (list, tuple)) or not all(isinstance(layer, dict) for layer in layers):
        raise InputError(NO_MODEL)
    for place, layer in enumerate(layers, 1):
        kind, config, module = layer.get("class_name"), layer.get("config"), layer.get("module")
        if not isinstance(kind, str) or not isinstance(config, dict):
            raise InputError(NO_MODEL)
        if layer.get("registered_name") or not str(module or "keras").startswith(("keras", "tensorflow.keras")):
            raise refusal(place, f"{kind}, a class of its author's")
        yield LayerEntry(place, kind, str(config.get("name")), config)


def check_chain(config: dict[str, Any], entries: list[LayerEntry]) -> None:
    """Raise InputError unless each layer of a functional model takes what the one before it gives."""
    before: list[str] = []
    for entry, layer in zip(entries, config["layers"], strict=True):
        sources = list(source_names(layer.get("inbound_nodes")))
        if sources != before:
            raise refusal(entry.place, entry.kind, f", which takes {' and '.join(sources) or 'the inputs'}")
        before = [entry.name]
    for side, name in (("input_layers", entries[0].name if entries else ""), ("output_layers", *before)):
        ends = config.get(side)
        if not isinstance(ends, (list, tuple)) or list(source_names([ends])) != [name]:
            raise InputError(f"its {side} are not its {'first' if side == 'input_layers' else 'last'} layer alone",
                             REFUSED_REMEDY)


def source_names(nodes: Any) -> Iterator[str]:
    """Yield the names of the layers from which a layer takes its inputs, however deep they stand in a description."""
    waiting = [nodes]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, (list, tuple)):
            if len(item) >= 3 and isinstance(item[0], str) and type(item[1]) is int and type(item[2]) is int:
                yield item[0]
            else:
                waiting += item


def input_shape(config: dict[str, Any], entries: list[LayerEntry]) -> tuple[int, ...]:
    """Return the shape of a model's inputs without the batch, () where it does not say; raises InputError."""
    first = entries[0].config if entries else {}
    candidates = (first.get("batch_shape"), first.get("batch_input_shape"), config.get("build_input_shape"))
    shape = next((found for found in candidates if isinstance(found, (list, tuple)) and len(found) > 1), ())
    if not all(type(side) is int and side > 0 for side in shape[1:]):
        raise InputError("its inputs are of no fixed shape", REFUSED_REMEDY)
    return tuple(shape[1:])
