"""What a file in another format says of a network beside its arrays: written by NeuralScope, and read again.

Its fields are those of the network's metadata, and ``activations``, one name a layer, and ``inputs``, the scale that
the weights take, a name in INPUT_SCALES.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from neuralscope.network.importers.foreign import Ends, ForeignNetwork
from neuralscope.network.inputs import INPUT_SCALES, PLAIN_SCALE
from neuralscope.network.metadata import METADATA_CHECKS
from neuralscope.network.storage import SavedNetwork

METADATA_FIELDS = ("class_names", "image_shape", "feature_names")  # those that ForeignNetwork has too
FIELDS = ("activations", "inputs", *METADATA_FIELDS)


def describe(saved: SavedNetwork) -> dict[str, Any]:
    """Return what is written beside a network's arrays, in JSON's types."""
    known = {name: saved.metadata[name] for name in METADATA_FIELDS if saved.metadata.get(name)}
    return {"activations": [layer.activation for layer in saved.network.layers], "inputs": PLAIN_SCALE, **known}


def parse_texts(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields in texts by name, each JSON; what is none of ours, or is no JSON, is left out."""
    values = {}
    for name in FIELDS:
        try:
            values[name] = json.loads(texts[name])
        except (KeyError, ValueError, RecursionError):
            continue
    return values


def own_fields(value: Any) -> dict[str, Any]:
    """Return those of a JSON value's fields that are a description as `describe` makes it, but for the activations."""
    if not isinstance(value, dict) or value.get("inputs") != PLAIN_SCALE:
        return {}
    return {name: value[name] for name in ("inputs", *METADATA_FIELDS) if name in value}


def with_description(network: ForeignNetwork, values: Mapping[str, Any]) -> ForeignNetwork:
    """Return the network with what is said of it in ``values``; what can be no such thing is left out."""
    found: dict[str, Any] = {name: tuple(values[name]) for name in METADATA_FIELDS
             if values.get(name) and METADATA_CHECKS.get(name, lambda value: False)(values[name])}
    if len(found.get("class_names", ())) != len(network.layers[-1].biases):
        found.pop("class_names", None)
    if values.get("inputs") == PLAIN_SCALE:
        found["scale"] = INPUT_SCALES[PLAIN_SCALE](np.zeros((1, 1)))
    return replace(network, **found)


def own_layout(ends: Ends, values: Mapping[str, Any]) -> Ends:
    """Return what is known of a file's arrays, which are (inputs, outputs) where it has a description of ours."""
    return ends._replace(layout="in-out") if values.get("inputs") == PLAIN_SCALE else ends


def activation_array(values: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the activations that a description names as `arrays.network_from_arrays` takes them, or nothing."""
    names = values.get("activations")
    is_list = isinstance(names, list) and names and all(isinstance(name, str) for name in names)
    return {"activations": np.array(names)} if is_list else {}
