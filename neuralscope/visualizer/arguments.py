"""What the command line names: weights and data that fit each other, snapshots, a neuron, a picture.

Everything heavy is imported inside the functions, so that Ctrl-C at the start finds somebody to catch it.
"""

import os
import sys

from neuralscope.errors import InputError, print_line


def load_model_and_data(options):
    """Return the weights and the data that ``options`` ask for; InputError where they do not fit each other."""
    import numpy as np

    from neuralscope.data_loader import load
    from neuralscope.datasets.table_formats import is_table_name
    from neuralscope.network import nonfinite, storage
    from neuralscope.network.importers.cli_options import choices_from_arguments
    from neuralscope.runs.network_data import load_network_data
    from neuralscope.runs.open_network import open_network

    # it may be that of FILE alone
    label_column = None if options.picture and not is_table_name(options.dataset) else options.label_column
    model, notice = open_network(options.weights or storage.find_weights(),
                                 lambda: load(options.dataset, options.data_dir, label_column),
                                 choices_from_arguments(options))
    if notice:
        print_line(f"neuralscope.visualizer: {notice}", file=sys.stderr)
    dataset, _ = load_network_data(model, options.dataset, options.data_dir, label_column)
    if dataset.notice:
        print_line(f"neuralscope.visualizer: {dataset.notice}", file=sys.stderr)
    dataset = dataset.prepared(model.metadata.get("preparation"))
    if overflow := nonfinite.overflow_text(model.network, dataset.test.images, dataset.name):
        if not nonfinite.locate(model.network):  # else that is said, and why
            print_line(f"neuralscope.visualizer: {model.path}: {overflow}", file=sys.stderr)
        np.seterr(over="ignore", invalid="ignore")  # it is said; NumPy would warn in every account of such sums
    last = len(dataset.test) - 1
    if options.index is not None and not 0 <= options.index <= last:
        raise InputError(f"--index {options.index}", f"the test digits of {dataset.name} go from 0 to {last}",
                         joint=": ")
    return model, dataset


def take_network_file(options):
    """Take FILE, which is a picture else, for the weights where it is a network's; InputError where both are given."""
    if options.picture is None:
        return
    from neuralscope.runs.open_network import is_network_file

    if is_network_file(options.picture):
        if options.weights:
            raise InputError(f"{options.picture} and {options.weights} are two networks",
                             option_remedy="leave out --weights, or name a picture")
        options.weights, options.picture = options.picture, None


def find_snapshots(model):
    """Return the Snapshots of the training that a SavedNetwork comes from, or None, and why there are none."""
    from neuralscope.runs import snapshots

    try:
        return snapshots.load_snapshots(snapshots.snapshots_path(model.path), model), ""
    except InputError as error:
        return None, error


def select_from_options(session, options):
    """Choose the layer and the neuron that ``options`` name; InputError where there are none such."""
    if options.layer is None and options.neuron is None:
        return
    if not session.layers:
        raise InputError("--layer, --neuron: this network has no hidden layer", option_remedy="leave them away")
    layer = session.layers if options.layer is None else options.layer
    if not 1 <= layer <= session.layers:
        raise InputError(f"--layer {layer}", f"the hidden layers go from 1 to {session.layers}", joint=": ")
    session.selection.layer = layer - 1
    last = session.network.sizes[layer] - 1
    if options.neuron is not None:
        if not 0 <= options.neuron <= last:
            raise InputError(f"--neuron {options.neuron}", f"the neurons of layer {layer} go from 0 to {last}",
                             joint=": ")
        session.selection.select_neuron(layer - 1, options.neuron)


def open_picture(path, label_column=None):
    """Return the array of a picture file, its name, and the steps that it takes; None without a path.

    ``label_column``: that of a table, whose first picture it is. Raises InputError where there is no digit to read.
    """
    if path is None:
        return None
    from neuralscope import images
    from neuralscope.datasets import image_files

    picture = image_files.read_first_image(path, label_column)
    if picture.notice:
        print_line(f"neuralscope.visualizer: {picture}: {picture.notice}", file=sys.stderr)
    try:
        array, steps = image_files.prepared_grey(picture) or (picture.array, images.STEPS)
        images.preprocess(array, steps)
    except InputError as error:
        raise error.prefixed(f"{picture}: ") from None
    return array, os.path.basename(str(picture)), steps
