"""``neuralscope``, also ``python -m neuralscope``: the programs by name; without one the window opens."""

import neuralscope.quiet_start  # noqa: F401  isort: skip

import os
import sys
from importlib import import_module

from neuralscope.cli import SUBCOMMANDS, Parser, command, run_program

DEFAULT = "open"


def build_parser() -> Parser:
    """Return the parser that chooses a program."""
    parser = Parser(prog="neuralscope", usage="%(prog)s [--help] [--version] [command] [option ...]",
                    description="Train a small neural network in NumPy, then see inside it.",
                    epilog=f"Without a command the window opens, with the options of {DEFAULT}. "
                           f"{command(DEFAULT)} --help lists these.")
    commands = parser.add_argument_group("commands")
    for name, subcommand in SUBCOMMANDS.items():
        commands.add_argument(name, nargs="?", help=subcommand.summary)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run what the first word says with the rest; return the exit status. Raises InputError."""
    words = sys.argv[1:] if argv is None else argv
    first = words[0] if words else DEFAULT
    if first in SUBCOMMANDS:
        return import_module(SUBCOMMANDS[first].module).main(words[1:])
    if first in ("-h", "--help", "--version"):
        build_parser().parse_args(words[:1])
    if not first.startswith("-"):
        hint = f"; to open it: {command(DEFAULT)} {first}" if os.path.exists(first) else ""
        build_parser().error(f"{first}: is no command; choose from {', '.join(SUBCOMMANDS)}{hint}")
    return import_module(SUBCOMMANDS[DEFAULT].module).main(words)


def run() -> None:
    """Run the program and exit with its status."""
    run_program(main)


if __name__ == "__main__":
    run()
