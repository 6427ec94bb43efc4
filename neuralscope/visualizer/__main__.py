"""python -m neuralscope.visualizer: options, load, window."""

import os
import sys

from neuralscope.command_line import DONE, Parser, add_data_options, limit_threads, run
from neuralscope.errors import InputError

CHECKED = 1000  # digits that weights are tried on at a time


def parser():
    """Return the parser of this program's options."""
    from neuralscope.visualizer.style import THEMES
    from neuralscope.visualizer.views import VIEWS

    made = Parser(prog="python -m neuralscope.visualizer", allow_abbrev=False,
                  description="Open the window on a trained network.")
    made.add_argument("picture", nargs="?", metavar="FILE", help="picture of a digit to read, as .png or .jpg")
    made.add_argument("--weights", metavar="FILE",
                      help="weights to show (default: trained_weights.npz here, else the one NeuralScope brings along)")
    add_data_options(made)
    made.add_argument("--index", type=int, metavar="N", help="number of the first test digit (default: a random one)")
    made.add_argument("--seed", type=int, metavar="N", help="seed of the random digits (default: another each time)")
    made.add_argument("--view", choices=[view.title for view in VIEWS],
                      help=f"view to begin with (default: {VIEWS[0].title}; with FILE: draw)")
    made.add_argument("--layer", type=int, metavar="N", help="hidden layer chosen at first, from 1 (default: the last)")
    made.add_argument("--neuron", type=int, metavar="N",
                      help="neuron of that layer chosen at first, from 0 (default: the one that pushes most)")
    made.add_argument("--theme", choices=list(THEMES), default="dark", help="colours (default: %(default)s)")
    made.add_argument("--save", metavar="FILE", help="save the picture as .png, .pdf or .svg and open no window")
    made.add_argument("--browser", action="store_true", help="open the window in the browser")
    made.add_argument("--port", type=int, default=0, metavar="N", help="port for the browser (default: a free one)")
    return made


def main(argv=None):
    """Run the program and return its exit status."""
    check_backend()
    options = parser().parse_args(argv)
    import numpy as np

    limit_threads(options.threads)
    model, dataset = load(options)
    from neuralscope.visualizer.session import Session
    from neuralscope.visualizer.study import Study
    from neuralscope.visualizer.style import THEMES

    study, opened = Study(model.network, dataset.test), open_picture(options.picture)

    def new_session():
        session = Session(model, dataset, np.random.default_rng(options.seed), options.index, study)
        if opened:
            session.open(*opened)
        choose(session, options)
        return session

    theme = THEMES[options.theme]
    if options.save:
        return save(new_session(), theme, options)
    new_session()  # what is wrong with the options is said before a window opens
    from neuralscope.visualizer.window import no_display, show

    why = "" if options.browser else no_display() or show(new_session, theme, view_key(options))
    return browse(new_session, theme, options, why) if options.browser or why else DONE


def check_backend():
    """Raise InputError where MPLBACKEND names nothing that Matplotlib knows; it says so while it is imported."""
    try:
        import matplotlib  # noqa: F401
    except ValueError as error:
        raise InputError(f"MPLBACKEND={os.environ.get('MPLBACKEND')}: {str(error).splitlines()[0]}; "
                         "unset it, or name another one") from error


def load(options):
    """Return the weights and the data that ``options`` ask for; InputError where they do not fit each other."""
    from neuralscope import data_loader
    from neuralscope.network import storage

    if not 0 <= options.port <= 65535:
        raise InputError(f"--port {options.port}: ports go from 0 (a free one) to 65535")
    if options.seed is not None and options.seed < 0:
        raise InputError(f"--seed {options.seed}: give 0 or more")
    model = storage.load(options.weights or storage.find_weights())
    dataset = data_loader.load(options.dataset, options.data_dir)
    if dataset.notice:
        print(f"neuralscope.visualizer: {dataset.notice}", file=sys.stderr)
    layers, pixels = model.network.layers, dataset.test.images.shape[1]
    inputs, outputs = len(layers[0].weights), len(layers[-1].biases)
    if (inputs, outputs) != (pixels, len(dataset.class_names)):
        raise InputError(f"{model.path}: the network has {inputs} inputs and {outputs} classes, {dataset.name} has "
                         f"{pixels} and {len(dataset.class_names)}; choose other weights or another --dataset")
    dataset = dataset.prepared(model.metadata.get("preparation"))
    if overflows(model.network, dataset.test.images):
        raise InputError(f"{model.path}: the network's sums overflow on {dataset.name}; choose other weights, "
                         "or train anew and learn slower")
    last = len(dataset.test) - 1
    if options.index is not None and not 0 <= options.index <= last:
        raise InputError(f"--index {options.index}: the test digits of {dataset.name} go from 0 to {last}")
    return model, dataset


def overflows(network, images):
    """Say whether any sum or activation of any image is not finite.

    Few networks have weights so large that they could: only these are tried, image by image.
    """
    import numpy as np

    bound = np.float64(1)  # of what goes in; no activation function makes a sum larger, or anything larger than 1
    for layer in network.layers:
        bound = max(bound, (np.abs(layer.weights.astype(np.float64)).sum(axis=0) * bound + np.abs(layer.biases)).max())
    if bound < np.finfo(network.dtype).max / 1000:
        return False
    for start in range(0, len(images), CHECKED):
        with np.errstate(all="ignore"):
            trace = network.forward(images[start:start + CHECKED])
        if not all(np.isfinite(array).all() for array in (*trace.sums, *trace.activations)):
            return True
    return False


def choose(session, options):
    """Choose the layer and the neuron that ``options`` name; InputError where there are none such."""
    if options.layer is None and options.neuron is None:
        return
    if not session.layers:
        raise InputError("--layer, --neuron: this network has no hidden layer; leave them away")
    layer = session.layers if options.layer is None else options.layer
    if not 1 <= layer <= session.layers:
        raise InputError(f"--layer {layer}: the hidden layers go from 1 to {session.layers}")
    session.layer = layer - 1
    last = session.network.sizes[layer] - 1
    if options.neuron is not None:
        if not 0 <= options.neuron <= last:
            raise InputError(f"--neuron {options.neuron}: the neurons of layer {layer} go from 0 to {last}")
        session.choose_neuron(layer - 1, options.neuron)


def open_picture(path):
    """Return the array of a picture file, its name, and the steps that it takes; None without a path.

    Raises InputError where there is no digit to read in it.
    """
    if path is None:
        return None
    from neuralscope import images, pictures

    picture = pictures.read_one(path)
    try:
        digit = pictures.as_it_is(picture)
        array, steps = (picture.array, images.STEPS) if digit is None else (digit.reshape(images.SIDE, -1), ())
        images.trace(array, steps)
    except InputError as error:
        raise InputError(f"{picture}: {error}") from None
    return array, os.path.basename(str(picture)), steps


def view_key(options):
    """Return the letter of the view to begin with."""
    from neuralscope.visualizer.views import VIEWS

    title = options.view or ("draw" if options.picture else VIEWS[0].title)
    return next(view.key for view in VIEWS if view.title == title)


def save(session, theme, options):
    """Save the first picture of the window; needs no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from neuralscope.visualizer.painter import HEIGHT, WIDTH
    from neuralscope.visualizer.saving import save_picture
    from neuralscope.visualizer.scope import Scope
    from neuralscope.visualizer.views import VIEWS

    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
    FigureCanvasAgg(figure)
    scope = Scope(session, figure, theme, VIEWS, view_key(options))
    scope.work_through()
    save_picture(figure, options.save)
    scope.close()
    return DONE


def browse(new_session, theme, options, why):
    """Serve the window to the browser until it ends."""
    from neuralscope.visualizer.browser import serve

    def started(address):
        reason = f"{why}, so the window is in the browser" if why else "the window is in the browser"
        print(f"neuralscope.visualizer: {reason}: {address} (Ctrl-C ends it)", flush=True)

    serve(new_session, theme, view_key(options), options.port, started, ends_with_reader=bool(why))
    return DONE


if __name__ == "__main__":
    run(main)
