"""``python -m neuralscope.predict FILE...``: what the network reads in pictures, a line each.

Nobody imports this file but its test, and everything heavy is imported inside the functions, so that Ctrl-C at the
start finds somebody to catch it.
"""

if __name__ == "__main__":
    import neuralscope.quiet_start  # noqa: F401

import contextlib
import io
import itertools
import json
import sys

from neuralscope.cli import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    Parser,
    add_label_column_option,
    add_threads_option,
    command,
    limit_threads,
    run_program,
)
from neuralscope.errors import InputError, print_line

STDIN_NAME = "-"


def build_parser():
    """Return the parser of this program's options."""
    from neuralscope.datasets.image_files import readable_kinds
    from neuralscope.images.preprocessing import STEPS
    from neuralscope.network.importers.cli_options import add_choice_options

    parser = Parser(
        prog=command("predict"), allow_abbrev=False,
        description="Read pictures of digits: a line for each, with the digit, its probability and the runner-up.",
        epilog="Exit status: 0 where all were read, 2 where any was not (standard error says why; the others are read "
               "all the same), 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP.")
    parser.add_argument("files", nargs="*", metavar="FILE",
                        help=f"{readable_kinds()}, a folder of these (names with a dot in front left out), or - for "
                             "standard input")
    parser.add_argument("--weights", metavar="FILE",
                        help="a network to read with, of NeuralScope or any program (default: trained_weights.npz "
                             "here, else the one NeuralScope brings along)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument(
        "--row", action="store_true", help="find the digits in each picture and read them as one number"
    )
    parser.add_argument("--stdin", action="store_true", help="read a picture's bytes from standard input")
    parser.add_argument("--without", action="append", choices=STEPS, default=[], metavar="STEP",
                                help=f"leave out a step of the preparation: {', '.join(STEPS)}; may be given again")
    add_label_column_option(parser)
    add_threads_option(parser)
    add_choice_options(parser)
    return parser


def main(argv=None):
    """Print what is read; return the exit status. Raises InputError."""
    arguments = build_parser().parse_args(argv)
    from neuralscope.images.preprocessing import STEPS
    from neuralscope.predictor import SEGMENTATION_STEPS, Predictor

    paths = [*arguments.files, *[STDIN_NAME] * arguments.stdin]
    if not paths:
        raise InputError("there is nothing to read", "name a FILE", "give --stdin (--help lists the options)")
    if paths.count(STDIN_NAME) > 1:
        raise InputError("-: standard input can be read once", option_remedy="give - or --stdin a single time")
    if arguments.row and set(arguments.without) & set(SEGMENTATION_STEPS):
        raise InputError(f"--row finds digits by {', '.join(SEGMENTATION_STEPS)}",
                         option_remedy="take these from --without, or leave out --row")
    steps = tuple(step for step in STEPS if step not in arguments.without)
    with limit_threads(arguments.threads):
        predictor = Predictor.from_saved(open_weights(arguments), steps=steps, row=arguments.row)
        return print_predictions(predictor, paths, arguments.json, arguments.label_column)


def open_weights(arguments):
    """Return the SavedNetwork to read with, of whatever program; raises InputError."""
    from neuralscope.data_loader import load
    from neuralscope.network import storage
    from neuralscope.network.importers.cli_options import choices_from_arguments
    from neuralscope.runs.open_network import open_network

    saved, notice = open_network(arguments.weights or storage.find_weights(), load, choices_from_arguments(arguments))
    if notice:
        print_line(f"neuralscope.predict: {notice}", file=sys.stderr)
    return saved


def print_predictions(predictor, paths, as_json, label_column=None):
    """Print what a Predictor reads at these paths, to the end or until nobody reads on; return the exit status.

    Of pictures whose files say what they show, standard error says last how many were read rightly.
    """
    from neuralscope.formatting import percent

    status, judged, strangers = EXIT_DONE, [], 0  # strangers: labels that are none of the network's classes
    with contextlib.suppress(BrokenPipeError):
        for _, group in itertools.groupby(paths, STDIN_NAME.__eq__):  # nothing waits for standard input behind it
            for predictions in predictor.read(load_images(group, label_column)):
                for prediction in predictions:
                    status = EXIT_BAD_INPUT if prediction.error else status
                    print_prediction(predictor, prediction, as_json)
                    judged.append(predictor.is_right(prediction))
                    strangers += judged[-1] is None and prediction.image.label is not None and not prediction.error
                sys.stdout.flush()
        right, count = judged.count(True), len(judged) - judged.count(None)
        if count:
            words = "is right by its label" if count == 1 else "are right by their labels"
            print_line(f"neuralscope.predict: {right:,} of {count:,} {words} ({percent(right / count)})",
                       file=sys.stderr)
        if strangers:
            words = "has a label that is" if strangers == 1 else "have labels that are"
            print_line(f"neuralscope.predict: {strangers:,} {words} none of the network's classes", file=sys.stderr)
    return status


def print_prediction(predictor, prediction, as_json):
    """Print a Prediction, or why there is none, and before it what was assumed of its file."""
    if prediction.image.notice:
        print_line(f"neuralscope.predict: {prediction.image.name}: {prediction.image.notice}", file=sys.stderr)
    if as_json:
        print_line(json.dumps(predictor.as_object(prediction), allow_nan=False))
    elif not prediction.error:
        print_line(predictor.as_line(prediction))
    if prediction.error:
        sys.stdout.flush()  # so that a terminal shows all in order
        print_line(f"neuralscope.predict: {prediction.image}: {prediction.error}", file=sys.stderr)


def load_images(paths, label_column=None):
    """Yield the LoadedImages at these paths, of which "-" is standard input."""
    from neuralscope.datasets.image_files import read_image_bytes, read_images

    for path in paths:
        if path == STDIN_NAME:
            yield read_image_bytes(sys.stdin.buffer if sys.stdin else io.BytesIO(), STDIN_NAME)
        else:
            yield from read_images(path, label_column)


if __name__ == "__main__":
    run_program(main)
