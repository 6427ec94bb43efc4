"""What an answer shows beside what was read, where it is asked for: the way of one digit through the network."""

import numpy as np

from neuralscope.formatting import key_end, round_up, sheet_shape
from neuralscope.visualizer.widgets.function_text import ACTIVATIONS

DECIMALS = 4  # of activations


def prepared(reader, reading):
    """Return the 784 pixels that the network read, 0 to 255."""
    return np.rint(reading.inputs[0] * 255).astype(int).tolist()


def hidden(reader, reading):
    """Return an object for each hidden layer: its values, and how a sheet of them is drawn and told."""
    return [layer(one.activation, values[0]) for one, values in
            zip(reader.network.layers, reading.hidden, strict=False)]


def layer(activation, values):
    """Return one hidden layer's object."""
    words, top = ACTIVATIONS[activation], round_up(float(np.abs(values).max()))
    return {"activation": activation, "values": np.round(values.astype(float), DECIMALS).tolist(),
            "sheet": list(sheet_shape(len(values))), "signed": words.signed, "top": top, "top_in_words": key_end(top),
            "in_words": words.count(values)[0]}


def words(reader, reading):
    """Return for each class how its output is written."""
    return [reader.sureness(output) for output in reading.outputs[0]]


def classes(reader, reading):
    """Return what each class is called."""
    return list(reader.class_names)


SHOWN = {"prepared": prepared, "hidden": hidden, "words": words, "classes": classes}  # by the names to ask by
