"""python -m neuralscope.visualizer: options, load, window."""

import os
import sys

from neuralscope.command_line import DONE, Parser, add_data_options, limit_threads, run
from neuralscope.errors import InputError

CHECKED = 1000  # digits that weights are tried on before anything is shown


def parser():
    """Return the parser of this program's options."""
    from neuralscope.visualizer.style import THEMES

    made = Parser(prog="python -m neuralscope.visualizer", allow_abbrev=False,
                  description="Open the window on a trained network.")
    made.add_argument("--weights", metavar="FILE",
                      help="weights to show (default: trained_weights.npz here, else the one NeuralScope brings along)")
    add_data_options(made)
    made.add_argument("--index", type=int, metavar="N", help="number of the first test digit (default: a random one)")
    made.add_argument("--seed", type=int, metavar="N", help="seed of the random digits (default: another each time)")
    made.add_argument("--theme", choices=list(THEMES), default="dark", help="colours (default: %(default)s)")
    made.add_argument("--save", metavar="FILE", help="save the picture as .png, .pdf or .svg and open no window")
    made.add_argument("--browser", action="store_true", help="open the window in the browser")
    made.add_argument("--port", type=int, default=0, metavar="N", help="port for the browser (default: a free one)")
    return made


def main(argv=None):
    """Run the program and return its exit status."""
    options = parser().parse_args(argv)
    check_backend()
    import numpy as np

    limit_threads(options.threads)
    model, dataset = load(options)
    from neuralscope.visualizer.session import Session
    from neuralscope.visualizer.style import THEMES

    def new_session():
        return Session(model, dataset, np.random.default_rng(options.seed), options.index)

    theme = THEMES[options.theme]
    if options.save:
        return save(new_session(), theme, options.save)
    from neuralscope.visualizer.window import no_display, show

    why = "" if options.browser else no_display()
    if not (options.browser or why):
        why = show(new_session, theme)
        if not why:
            return DONE
    return browse(new_session, theme, options, why)


def check_backend():
    """Raise InputError where MPLBACKEND names nothing that Matplotlib knows; it says so while it is imported."""
    try:
        import matplotlib  # noqa: F401
    except ValueError as error:
        raise InputError(f"MPLBACKEND={os.environ.get('MPLBACKEND')}: {str(error).splitlines()[0]}; "
                         "unset it, or name another one") from error


def load(options):
    """Return the weights and the data that ``options`` ask for; InputError where they do not fit each other."""
    import numpy as np

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
    with np.errstate(all="ignore"):
        if not np.isfinite(model.network.forward(dataset.test.images[:CHECKED]).outputs).all():
            raise InputError(f"{model.path}: the network's sums overflow on {dataset.name}; choose other weights, "
                             "or train anew and learn slower")
    last = len(dataset.test) - 1
    if options.index is not None and not 0 <= options.index <= last:
        raise InputError(f"--index {options.index}: the test digits of {dataset.name} go from 0 to {last}")
    return model, dataset


def save(session, theme, path):
    """Save the first picture of the window; needs no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from neuralscope.visualizer.painter import HEIGHT, WIDTH
    from neuralscope.visualizer.saving import save_picture
    from neuralscope.visualizer.scope import Scope
    from neuralscope.visualizer.views import VIEWS

    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
    FigureCanvasAgg(figure)
    session.evaluation  # noqa: B018  the picture says how many digits are read right
    scope = Scope(session, figure, theme, VIEWS)
    save_picture(figure, path)
    scope.close()
    return DONE


def browse(new_session, theme, options, why):
    """Serve the window to the browser until it ends."""
    from neuralscope.visualizer.browser import serve

    def started(address):
        reason = f"{why}, so the window is in the browser" if why else "the window is in the browser"
        print(f"neuralscope.visualizer: {reason}: {address} (Ctrl-C ends it)", flush=True)

    serve(new_session, theme, options.port, started, ends_with_reader=bool(why))
    return DONE


if __name__ == "__main__":
    run(main)
