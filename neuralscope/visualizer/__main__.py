"""python -m neuralscope.visualizer: options, load, window."""

if __name__ == "__main__":
    import neuralscope.quiet_start  # noqa: F401

import copy
import logging
import os
import sys
from functools import cache, partial

from neuralscope.cli import (
    EXIT_DONE,
    Parser,
    add_data_options,
    command,
    limit_threads,
    number_reader,
    pause_garbage_collection,
    run_program,
)
from neuralscope.errors import InputError, print_line
from neuralscope.formatting import counted
from neuralscope.visualizer.arguments import (
    find_snapshots,
    load_model_and_data,
    open_picture,
    select_from_options,
    take_network_file,
)


def parser():
    """Return the parser of this program's options."""
    from neuralscope.network.importers.cli_options import add_choice_options
    from neuralscope.visualizer.drawing.theme import THEMES
    from neuralscope.visualizer.live.cli_options import add_train_options

    made = Parser(prog=command("open"), allow_abbrev=False,
                  description="Open the window on a trained network.")
    made.add_argument("picture", nargs="?", metavar="FILE",
                      help="a network of any program, as --weights, or a picture of a digit to read, as .png or .jpg")
    made.add_argument("--weights", metavar="FILE",
                      help="a network to show, of NeuralScope or any program (default: trained_weights.npz here, else "
                           "the one NeuralScope brings along)")
    add_data_options(made)
    add_choice_options(made)
    add_selection_options(made)
    made.add_argument("--theme", choices=list(THEMES), default="dark", help="colours (default: %(default)s)")
    made.add_argument("--save", metavar="FILE", help="save the picture as .png, .pdf or .svg and open no window")
    made.add_argument("--movie", metavar="FILE",
                      help="save a film of the training's snapshots, the view at each, as .gif and open no window")
    add_browser_options(made)
    add_train_options(made)
    return made


def add_browser_options(made):
    """Add the options of the window in a browser."""
    from neuralscope.visualizer.live.server_files import DEFAULT_DISK_BYTES, format_size

    made.add_argument("--browser", action="store_true", help="open the window in the browser")
    made.add_argument("--port", type=number_reader(int, 0, 65535), default=0, metavar="N",
                      help="port for the browser (default: a free one)")
    made.add_argument("--host", metavar="ADDRESS",
                      help="open the window in browsers, and listen for them there, as 0.0.0.0 for other machines too; "
                           "they need the token in the address (default: this machine alone, no token)")
    made.add_argument("--disk", type=disk_size, default=DEFAULT_DISK_BYTES, metavar="SIZE",
                      help="what the files of trainings may take that are begun in browsers, as 500MB or 2GB (default: "
                           f"{format_size(DEFAULT_DISK_BYTES)})")
    made.add_argument("--allow-host", action="append", metavar="NAME", default=[],
                      help="answer in browsers to this public name, too, which a proxy before the program has (may be "
                           "given again); they need the token (default: none)")


def disk_size(text):
    """Parse a size of files, for argparse."""
    import argparse

    from neuralscope.visualizer.live.server_files import parse_size

    try:
        return parse_size(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: choose a size, as 500MB or 2GB") from None


def add_selection_options(made):
    """Add the options that say what the window shows at first."""
    from neuralscope.visualizer.views import NAMED_VIEWS, VIEWS

    made.add_argument("--index", type=number_reader(int, 0), metavar="N",
                      help="number of the first test digit (default: a random one)")
    made.add_argument("--seed", type=number_reader(int, 0), metavar="N",
                      help="seed of the random digits (default: another each time), and of a training (default: 0)")
    made.add_argument("--view", choices=[view.title for view in NAMED_VIEWS],
                      help=f"view to begin with (default: {VIEWS[0].title}; with FILE: draw; weights: for --movie)")
    made.add_argument("--layer", type=number_reader(int, 1), metavar="N",
                      help="hidden layer chosen at first, from 1 (default: the last)")
    made.add_argument("--neuron", type=number_reader(int, 0), metavar="N",
                      help="neuron of that layer chosen at first, from 0 (default: the one that pushes most)")


def main(argv=None):
    """Run the program and return its exit status."""
    with pause_garbage_collection():
        check_backend()
        options = parser().parse_args(argv)
        take_network_file(options)
        check_output_options(options)
        limited = limit_threads(options.threads)
    with limited:
        return open_window(options)


def open_window(options):
    """Open the window as ``options`` ask for, or save what it shows; return the exit status."""
    with pause_garbage_collection():
        new_session = session_factory(options)
        from neuralscope.visualizer.drawing.theme import THEMES

    theme = THEMES[options.theme]
    if options.save:
        return save_view(new_session(), theme, options)
    if options.movie is not None:
        return save_movie(new_session(), theme, options)
    new_session()  # what is wrong with the options is said before a window opens
    from neuralscope.visualizer.desktop import no_display, show_window

    asked = options.browser or options.host is not None or options.allow_host
    why = "" if asked else no_display() or show_window(new_session, theme, first_view(options).key)
    return serve_in_browser(new_session, theme, options, why) if asked or why else EXIT_DONE


def session_factory(options):
    """Return a function that begins a Session as ``options`` ask for; raises InputError, and so does the function."""
    import numpy as np

    model, dataset = load_model_and_data(options)
    from neuralscope.network.cli_options import preset_notice
    from neuralscope.visualizer.live.cli_options import setup_from_arguments
    from neuralscope.visualizer.session.analysis_cache import AnalysisCache
    from neuralscope.visualizer.session.session import Session

    analysis, opened = AnalysisCache(model.network, dataset.test), open_picture(options.picture, options.label_column)
    look_for_snapshots = cache(partial(find_snapshots, model))  # once for all windows, when one asks
    setup = setup_from_arguments(options, dataset)  # once: what it continues is another's as soon as one of them does
    if notice := preset_notice(options):
        print_line(f"neuralscope.visualizer: {notice}", file=sys.stderr)

    def new_session():
        session = Session(model, dataset, np.random.default_rng(options.seed), options.index, analysis)
        session.snapshot_choice.look_for_snapshots = look_for_snapshots
        if opened:
            session.open(*opened)
        select_from_options(session, options)
        session.training_setup = copy.copy(setup)
        return session

    return new_session


def check_backend():
    """Raise InputError where MPLBACKEND names nothing that Matplotlib knows; it says so while it is imported."""
    # it has two long lines to say of a home folder that cannot be written, and does without
    logging.getLogger("matplotlib").addFilter(lambda record: record.funcName != "_get_config_or_cache_dir")
    try:
        import matplotlib  # noqa: F401
    except ValueError as error:
        raise InputError(f"MPLBACKEND={os.environ.get('MPLBACKEND')}: {str(error).splitlines()[0]}",
                         "unset it, or name another one") from error


def first_view(options):
    """Return the view to begin with, a class."""
    from neuralscope.visualizer.views import NAMED_VIEWS

    title = options.view or ("train" if options.train else "draw" if options.picture else NAMED_VIEWS[0].title)
    return next(view for view in NAMED_VIEWS if view.title == title)


def check_output_options(options):
    """Raise InputError where the picture or film that ``options`` ask for cannot be made, whatever the data."""
    if options.save is not None:
        from neuralscope.visualizer.app.export import check_picture_path

        check_picture_path(options.save)
    if options.movie is None:
        if options.view and not first_view(options).key:
            raise InputError(f"--view {options.view}: is for films alone",
                             option_remedy="add --movie FILE.gif, or choose another view")
        return
    from neuralscope.visualizer.app.gif import check_path
    from neuralscope.visualizer.views import FILMED_VIEWS

    if first_view(options) not in FILMED_VIEWS:
        raise InputError(f"--movie: nothing moves in the view {first_view(options).title!r}",
                         option_remedy="choose one with --view, as past, weights or explore")
    if options.save or options.browser:
        raise InputError("--movie opens no window and saves no picture",
                         option_remedy="leave out --save and --browser, or --movie")
    check_path(options.movie)


def save_movie(session, theme, options):
    """Save a film of all snapshots; needs no display."""
    from tqdm import tqdm

    from neuralscope.visualizer.app.gif import record_film

    if not session.snapshots:
        raise session.snapshot_choice.no_snapshots_reason.prefixed("--movie: ")
    frames, count = record_film(session, theme, first_view(options), options.movie), len(session.training_history)
    for _ in tqdm(frames, total=count, file=sys.stderr, disable=None, bar_format="frame {n_fmt}/{total_fmt} |{bar}|"):
        pass
    print_line(f"{counted(count, 'frame')} in {options.movie}")
    return EXIT_DONE


def save_view(session, theme, options):
    """Save the first picture of the window; needs no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from neuralscope.visualizer.app.export import save_picture
    from neuralscope.visualizer.app.window import MainWindow
    from neuralscope.visualizer.drawing.surface import DESIGN_HEIGHT, DESIGN_WIDTH
    from neuralscope.visualizer.views import VIEWS

    figure = Figure(figsize=(DESIGN_WIDTH / 100, DESIGN_HEIGHT / 100), dpi=100)
    FigureCanvasAgg(figure)
    window = MainWindow(session, figure, theme, VIEWS, first_view(options).key)
    window.run_to_end()
    save_picture(figure, options.save)
    window.close()
    return EXIT_DONE


def serve_in_browser(new_session, theme, options, why):
    """Serve the window to the browser until it ends."""
    from neuralscope.visualizer.server.addresses import access_advice
    from neuralscope.visualizer.server.application import serve

    def started(addresses):
        reason = f"{why}, so the window is in the browser" if why else "the window is in the browser"
        for line in (f"{reason}: {addresses[0]} (Ctrl-C ends it)", *access_advice(addresses, options.allow_host)):
            print_line(f"neuralscope.visualizer: {line}", flush=True)

    serve(new_session, theme, first_view(options).key, options.port, started, bool(why), options.host,
          options.allow_host, options.disk)
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
