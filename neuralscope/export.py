"""``python -m neuralscope.export OUT``: a network written for another program, in the format that OUT's ending says."""

if __name__ == "__main__":
    import neuralscope.quiet_start  # noqa: F401

import os
from pathlib import Path

from neuralscope.cli import EXIT_DONE, Parser, add_data_options, command, limit_threads, print_message, run_program
from neuralscope.errors import InputError, print_line

OUTPUT_OPTION = "OUT"


def build_parser():
    """Return the parser of this program's options."""
    from neuralscope.network.importers.cli_options import add_choice_options
    from neuralscope.network.importers.formats import FORMATS

    endings = ", ".join(row.endings[0] for row in FORMATS if row.write)
    parser = Parser(
        prog=command("export"), allow_abbrev=False,
        description="Write a network for another program. It takes images with ink 0..1, row by row, in every format.",
        epilog="Exit status: 0 done, 2 where it cannot be written (standard error says why), 130 after Ctrl-C, "
               "143 after SIGTERM, 129 after SIGHUP.")
    parser.add_argument("output", metavar=OUTPUT_OPTION, help=f"the file to write; its ending says how: {endings}")
    parser.add_argument("--weights", metavar="FILE",
                        help="the network to write, of NeuralScope or any program (default: trained_weights.npz here, "
                             "else the one NeuralScope brings along)")
    add_data_options(parser)
    add_choice_options(parser)
    return parser


def main(argv=None):
    """Write the network and say what the file holds; return the exit status. Raises InputError."""
    arguments = build_parser().parse_args(argv)
    from neuralscope.network.importers import formats

    row = formats.format_of_ending(arguments.output)
    limit_threads(arguments.threads)
    saved = open_weights(arguments)
    write_network(saved, Path(arguments.output), row)
    print_line(f"{arguments.output}: {saved.network.architecture}: {row.written_as}")
    for lost in lost_parts(saved, row):
        print_line(f"{arguments.output}: without {lost}")
    return EXIT_DONE


def open_weights(arguments):
    """Return the SavedNetwork to write; one from elsewhere is settled by the data set. Raises InputError."""
    from neuralscope.data_loader import load
    from neuralscope.network import storage
    from neuralscope.network.importers.cli_options import choices_from_arguments
    from neuralscope.runs.open_network import open_network

    saved, notice = open_network(
        arguments.weights or storage.find_weights(),
        lambda: load(arguments.dataset, arguments.data_dir, arguments.label_column), choices_from_arguments(arguments))
    print_message(notice)
    return saved


def write_network(saved, path, row):
    """Write a SavedNetwork to ``path`` in one step, as a row of FORMATS has it; raises InputError."""
    from neuralscope.network.importers.formats import function_of
    from neuralscope.safe_files import write_atomically

    try:
        content = function_of(row.write)(saved)
    except InputError as error:
        raise error.prefixed(f"{path}: ") from None
    check_replaceable(path, saved.path)
    write_atomically(path, content, OUTPUT_OPTION)


def check_replaceable(path, source):
    """Raise InputError where ``path`` holds something else than a network, or the one that is written itself."""
    from neuralscope.network.importers.reader import read

    if not os.path.isfile(path) or not os.path.getsize(path):
        return
    if os.path.samefile(path, source):
        raise InputError(f"{path}: is the network's own file", option_remedy=f"name another one as {OUTPUT_OPTION}")
    try:
        read(path)
    except InputError as error:
        raise InputError(f"{path}: will not be overwritten, for it holds no network that can be read", "remove it",
                         f"name another file as {OUTPUT_OPTION}") from error


def lost_parts(saved, row):
    """Return what a network's file holds and one of another format does not, in words."""
    record = row.name != "npz" and bool(saved.history or "epochs_run" in saved.metadata)
    return ["the record of its training"] * record + ["the state of its training"] * bool(saved.state)


if __name__ == "__main__":
    run_program(main)
