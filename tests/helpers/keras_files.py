"""Files as Keras writes them, made with h5py and zipfile alone; test_peers.py holds them to those of Keras itself."""

import io
import json
import zipfile

import numpy as np

VARIABLE_NAMES = {"Dense": ("kernel", "bias"), "Normalization": ("mean", "variance", "count"),
                  "BatchNormalization": ("gamma", "beta", "moving_mean", "moving_variance")}


def entry(kind, variables=(), /, **config):
    """Return a layer: its class, the arrays that it has, and its config."""
    return kind, list(variables), config


def description(layers, shape=(12,), **changes):
    """Return the description of a Sequential model of these layers."""
    listed = [{"module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
               "config": {"batch_shape": [None, *shape], "name": "input_layer"}}]
    listed += [{"module": "keras.layers", "class_name": kind, "registered_name": None,
                "config": {"name": f"{kind}_{number}".lower(), **config}}
               for number, (kind, _, config) in enumerate(layers)]
    return {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "config": {"name": "sequential", "layers": listed}, **changes}


def functional(layers, shape=(12,)):
    """Return the description of the same as a functional model."""
    model = description(layers, shape, class_name="Functional")
    listed, before = model["config"]["layers"], None
    for layer in listed:
        layer["name"] = layer["config"]["name"]
        history = {"class_name": "__keras_tensor__", "config": {"keras_history": [before, 0, 0]}}
        layer["inbound_nodes"] = [{"args": [history], "kwargs": {}}] if before else []
        before = layer["name"]
    return model | {"config": model["config"] | {"input_layers": [[listed[0]["name"], 0, 0]],
                                                 "output_layers": [[before, 0, 0]]}}


def weights_bytes(layers):
    """Return an HDF5 file of the arrays as .keras has them: layers/dense_1/vars/0."""
    import h5py

    from neuralscope.network.importers.keras_file import snake_case

    stream, seen = io.BytesIO(), {}
    with h5py.File(stream, "w") as file:
        for kind, variables, _ in layers:
            name = snake_case(kind) + (f"_{seen[kind]}" if kind in seen else "")
            seen[kind] = seen.get(kind, 0) + 1
            group = file.create_group(f"layers/{name}/vars")
            for number, array in enumerate(variables):
                group[str(number)] = array
    return stream.getvalue()


def write_keras(path, layers, model=None, weights=None, compression=zipfile.ZIP_STORED):
    """Write a .keras file of these layers; ``model``: its description, ``weights``: its HDF5 file, if given."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("metadata.json", "{}")
        text = model if isinstance(model, str) else json.dumps(model or description(layers))
        archive.writestr("config.json", text)
        archive.writestr("model.weights.h5", weights_bytes(layers) if weights is None else weights)
    return path


def write_h5(path, layers, model=None):
    """Write an .h5 file of these layers as Keras 2 and 3 do: model_weights/dense_1/dense_1/kernel:0."""
    import h5py

    model = model or description(layers)
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(model)
        for (kind, variables, _), described in zip(layers, model["config"]["layers"][1:], strict=True):
            name = described["config"]["name"]
            group = file.create_group(f"model_weights/{name}")
            for variable, array in zip(VARIABLE_NAMES.get(kind, ()), variables, strict=False):
                group[f"{name}/{variable}:0"] = array
        file["optimizer_weights/iteration"] = np.int64(3)
    return path
