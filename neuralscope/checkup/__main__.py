"""``python -m neuralscope.checkup FILE``: what is wrong with a network, a line a check.

Nobody imports this file but its test, and everything heavy is imported inside the functions, so that Ctrl-C at the
start finds somebody to catch it.
"""

if __name__ == "__main__":
    import neuralscope.quiet_start  # noqa: F401

import sys

from neuralscope.cli import EXIT_DONE, Parser, add_data_options, command, limit_threads, run_program
from neuralscope.errors import print_line


def build_parser():
    """Return the parser of this program's options."""
    from neuralscope.network.importers.cli_options import add_choice_options

    parser = Parser(
        prog=command("check"), allow_abbrev=False,
        description="Check a network by what it does with labelled images: a line a check, with its figure and what "
                    "mends it.",
        epilog="Exit status: 0 where the check-up ran, whatever it found, 2 for bad input, 130 after Ctrl-C, 143 after "
               "SIGTERM, 129 after SIGHUP.")
    parser.add_argument("file", nargs="?", metavar="FILE",
                        help="weights to check (default: trained_weights.npz here, else the one NeuralScope brings "
                             "along)")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of lines")
    parser.add_argument("--save", metavar="FILE",
                        help="write the report to FILE too, never over another file: .json and .html as such, any "
                             "other name as lines")
    add_data_options(parser)
    add_choice_options(parser)
    return parser


def main(argv=None):
    """Print the report; return the exit status. Raises InputError."""
    arguments = build_parser().parse_args(argv)
    limit_threads(arguments.threads)
    from neuralscope.checkup.network_check import check_saved
    from neuralscope.checkup.opening import open_file
    from neuralscope.checkup.report_files import check_report_path, save_report
    from neuralscope.data_loader import DATASET_NAMES, load
    from neuralscope.network import storage
    from neuralscope.network.importers.cli_options import choices_from_arguments
    from neuralscope.runs.network_data import load_network_data

    if arguments.save:
        check_report_path(arguments.save)
    saved, notice = open_file(arguments.file or storage.find_weights(),
                              lambda: load(arguments.dataset, arguments.data_dir, arguments.label_column),
                              choices_from_arguments(arguments))
    learned = saved.metadata.get("dataset")
    # Where nobody names a data set it is the network's own; for MNIST "auto" has a substitute.
    own = arguments.dataset == "auto" and learned in DATASET_NAMES and learned != "mnist"
    name = learned if own else arguments.dataset
    dataset, _ = load_network_data(saved, name, arguments.data_dir, arguments.label_column)
    for said in filter(None, (notice, dataset.notice)):
        print_line(f"neuralscope.checkup: {said}", file=sys.stderr)
    report = check_saved(saved, dataset.prepared(saved.metadata.get("preparation")))
    for line in (report.to_json() if arguments.json else report.text()).splitlines():
        print_line(line)
    if arguments.save:
        save_report(report, arguments.save)
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
