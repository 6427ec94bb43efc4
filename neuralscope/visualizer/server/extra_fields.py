"""What an answer shows beside what was read, where it is asked for: the way of one digit through the network."""

import numpy as np

from neuralscope.formatting import key_end, round_up, sheet_shape
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS

ACTIVATION_DECIMALS = 4  # of activations


def prepared_pixels(predictor, prediction):
    """Return the 784 pixels that the network read, 0 to 255."""
    return np.rint(prediction.inputs[0] * 255).astype(int).tolist()


def hidden_layer_objects(predictor, prediction):
    """Return an object for each hidden layer: its values, and how a sheet of them is drawn and told."""
    return [layer_object(hidden_layer.activation, values[0]) for hidden_layer, values in
            zip(predictor.network.layers, prediction.hidden, strict=False)]


def layer_object(activation, values):
    """Return one hidden layer's object, where what is no finite number is None: JSON has no word for it."""
    finite = np.isfinite(values)
    activation_text, top = ACTIVATION_TEXTS[activation], round_up(float(np.abs(values).max(initial=0, where=finite)))
    return {
        "activation": activation,
        "values": np.where(finite, np.round(values.astype(float), ACTIVATION_DECIMALS), None).tolist(),
        "sheet": list(sheet_shape(len(values))),
        "signed": activation_text.signed,
        "top": top,
        "top_in_words": key_end(top),
        "in_words": activation_text.count(values)[0],
    }


def output_texts(predictor, prediction):
    """Return for each class how its output is written."""
    return [predictor.confidence_text(output) for output in prediction.outputs[0]]


def class_names(predictor, prediction):
    """Return what each class is called."""
    return list(predictor.class_names)


EXTRA_FIELDS = {
    "prepared": prepared_pixels,
    "hidden": hidden_layer_objects,
    "words": output_texts,
    "classes": class_names,
}  # by the names to ask by
