"""``--show-augmentation``: training images and what warps make of them, drawn in a file."""

import argparse
import sys
from pathlib import Path

import numpy as np

from neuralscope.cli import EXIT_DONE
from neuralscope.data_loader import load
from neuralscope.errors import InputError, print_line
from neuralscope.images import augmentation_sheet
from neuralscope.images.augmentation import AUGMENTATIONS
from neuralscope.network.cli_options import options_from_arguments
from neuralscope.safe_files import write_atomically


def show_augmentation(arguments: argparse.Namespace) -> int:
    """Write a picture of warped training images; return the exit status. Raises InputError."""
    options, path = options_from_arguments(arguments), Path(arguments.show_augmentation)
    warp = AUGMENTATIONS[options.augment]
    if warp is None:
        raise InputError(f"--augment {options.augment}: there is nothing to show",
                         f"choose one of {', '.join(name for name, each in AUGMENTATIONS.items() if each)}")
    if path.suffix.lower() != ".png":
        raise InputError(f"--show-augmentation {path}: the picture is a PNG", "name a file that ends in .png")
    data = load(arguments.dataset, arguments.data_dir, arguments.label_column)
    if data.notice and not arguments.quiet:
        print_line(data.notice, file=sys.stderr)
    picture = augmentation_sheet.draw_sheet(data.train, options.augment, warp, np.random.default_rng(options.seed))
    write_atomically(path, picture, "--show-augmentation")
    if not arguments.quiet:
        print_line(f"{data.name}, warped; drawn in {path}")
    return EXIT_DONE
