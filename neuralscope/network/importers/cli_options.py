"""The options by which a person says what the file of a network from elsewhere leaves open."""

import argparse
from typing import TYPE_CHECKING

from neuralscope.network.importers.text import OPTIONS

if TYPE_CHECKING:
    from neuralscope.network.importers.choices import Choices


def add_choice_options(parser: argparse.ArgumentParser) -> None:
    """Add them to a program that opens networks; what is not given is None, which is found out."""
    from neuralscope.network.functions import ACTIVATIONS, HEADS
    from neuralscope.network.importers.choices import LAYOUTS
    from neuralscope.network.inputs import INPUT_SCALES

    end = "(default: found by reading training images)"
    group = parser.add_argument_group("networks from elsewhere, of which the file does not say all")
    group.add_argument(OPTIONS["scale"], metavar="SCALE", help="how pixels were scaled when it learned: "
                       f"{', '.join(map(repr, INPUT_SCALES))}, or MEAN,DEVIATION, as 0.1307,0.3081 {end}")
    group.add_argument(OPTIONS["activation"], metavar="NAME", choices=list(ACTIVATIONS),
                       help=f"of its hidden neurons: {', '.join(ACTIVATIONS)} {end}")
    group.add_argument(OPTIONS["output"], metavar="NAME", choices=list(HEADS),
                       help=f"of its outputs: {', '.join(HEADS)} (default: as the outputs' sums say)")
    group.add_argument(OPTIONS["other_layout"], choices=LAYOUTS, help="which way round its weights lie: (inputs, "
                       "outputs) or (outputs, inputs) (default: as their shapes say, else found)")
    group.add_argument(OPTIONS["transposed"], action=argparse.BooleanOptionalAction,
                       help=f"it learned from transposed pictures {end}")


def choices_from_arguments(arguments: argparse.Namespace) -> "Choices":
    """Return the Choices in argparse's result; raises InputError."""
    from neuralscope.network.importers.choices import Choices

    return Choices(arguments.hidden_activation, arguments.output_function, arguments.input_scale,
                   arguments.transposed_images, arguments.weights_layout)
