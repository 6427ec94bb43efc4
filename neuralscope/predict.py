"""``python -m neuralscope.predict FILE...``: what the network reads in pictures, a line each.

Nobody imports this file but its test, and everything heavy is imported inside the functions, so that Ctrl-C at the
start finds somebody to catch it.
"""

import contextlib
import io
import itertools
import json
import sys

from neuralscope.cli import BAD_INPUT, DONE, Parser, add_threads_option, limit_threads, run
from neuralscope.errors import InputError

STDIN = "-"


def parser():
    """Return the parser of this program's options."""
    from neuralscope.images.preprocess import STEPS

    made = Parser(prog="python -m neuralscope.predict", allow_abbrev=False,
                  description="Read pictures of digits: a line for each, with the digit, its probability and the "
                              "runner-up.",
                  epilog="Exit status: 0 where all were read, 2 where any was not (standard error says why; the others "
                         "are read all the same), 130 after Ctrl-C.")
    made.add_argument("files", nargs="*", metavar="FILE",
                      help="picture, .npy, IDX or CSV file, a folder of these (names with a dot in front left out), or "
                           "- for standard input")
    made.add_argument("--weights", metavar="FILE",
                      help="weights to read with (default: trained_weights.npz here, else the one NeuralScope brings "
                           "along)")
    made.add_argument("--json", action="store_true", help="print one JSON object a line")
    made.add_argument("--row", action="store_true", help="find the digits in each picture and read them as one number")
    made.add_argument("--stdin", action="store_true", help="read a picture's bytes from standard input")
    made.add_argument("--without", action="append", choices=STEPS, default=[], metavar="STEP",
                      help=f"leave out a step of the preparation: {', '.join(STEPS)}; may be given again")
    add_threads_option(made)
    return made


def main(argv=None):
    """Print what is read; return the exit status. Raises InputError."""
    arguments = parser().parse_args(argv)
    from neuralscope.images.preprocess import STEPS
    from neuralscope.predictor import CUTTING, Reader

    paths = [*arguments.files, *[STDIN] * arguments.stdin]
    if not paths:
        raise InputError("there is nothing to read; name a FILE, or give --stdin (--help lists the options)")
    if paths.count(STDIN) > 1:
        raise InputError("-: standard input can be read once; give - or --stdin a single time")
    if arguments.row and set(arguments.without) & set(CUTTING):
        raise InputError(f"--row finds digits by {', '.join(CUTTING)}; take these from --without, or leave out --row")
    limit_threads(arguments.threads)
    steps = tuple(step for step in STEPS if step not in arguments.without)
    reader = Reader.load(arguments.weights, steps=steps, row=arguments.row)
    return show(reader, paths, arguments.json)


def show(reader, paths, as_json):
    """Print what a Reader reads at these paths, to the end or until nobody reads on; return the exit status."""
    status = DONE
    with contextlib.suppress(BrokenPipeError):
        for _, together in itertools.groupby(paths, STDIN.__eq__):  # nothing waits for standard input behind it
            for readings in reader.read(pictures(together)):
                for reading in readings:
                    status = BAD_INPUT if reading.error else status
                    tell(reader, reading, as_json)
                sys.stdout.flush()
    return status


def tell(reader, reading, as_json):
    """Print a Reading, or why there is none."""
    if as_json:
        print(json.dumps(reader.as_object(reading), allow_nan=False))
    elif not reading.error:
        print(reader.as_line(reading))
    if reading.error:
        sys.stdout.flush()  # so that a terminal shows all in order
        print(f"neuralscope.predict: {reading.picture}: {reading.error}", file=sys.stderr)


def pictures(paths):
    """Yield the Pictures at these paths, of which "-" is standard input."""
    from neuralscope.datasets.image_files import read, read_bytes

    for path in paths:
        if path == STDIN:
            yield read_bytes(sys.stdin.buffer if sys.stdin else io.BytesIO(), STDIN)
        else:
            yield from read(path)


if __name__ == "__main__":
    run(main)
