"""Whether two checkouts show the same pictures: ``save`` draws every view, ``compare`` lists what differs.

    PYTHONPATH=OLD python benchmarks/screens.py save /tmp/before --weights my.npz --data-dir MNIST
    PYTHONPATH=NEW python benchmarks/screens.py save /tmp/after --weights my.npz --data-dir MNIST
    python -m benchmarks.screens compare /tmp/before /tmp/after

Both run this very file, which asks of a checkout nothing but its command line and the titles in its VIEWS. Each view is
drawn as ``--save`` draws it, for some digits, in both themes and two sizes; for the first digit KEYS are pressed too.
"""

import argparse
import os
import runpy
import sys
from itertools import product
from pathlib import Path

SIZES = (1400, 800), (900, 600)
THEMES = "dark", "light"
DIGITS = 80, 247, 1500
KEYS = (
    "tab",
    "down",
    "right",
    "enter",
    "tab",
    "right",
    "down",
    "up",
    "tab",
    "down",
    "escape",
    "?",
    "escape",
    "x",
    "X",
    "v",
    "escape",
    "3",
    "[",
    "]",
    "a",
    "a",
    "c",
    "f",
    "left",
    "u",
)


def draw(view, theme, size, digit, keys, folder, options):
    """Draw a view as ``--save`` does, then again after each key, into PNG files of ``folder``."""
    import numpy as np
    from matplotlib.backend_bases import KeyEvent
    from matplotlib.figure import Figure
    from PIL import Image

    name = f"{view.replace(' ', '_')}-{theme}-{size[0]}-{digit}"
    init, savefig = Figure.__init__, Figure.savefig

    def sized(self, *arguments, **named):
        init(self, *arguments, **named | {"figsize": (size[0] / 100, size[1] / 100)})

    def keep(figure, count):
        figure.canvas.draw()
        Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).save(
            folder / f"{name}-{count:02}.png", compress_level=1
        )

    def press_all(figure, *_, **__):
        keep(figure, 0)
        for count, key in enumerate(keys, 1):
            KeyEvent("key_press_event", figure.canvas, key)._process()
            keep(figure, count)

    Figure.__init__, Figure.savefig = sized, press_all
    sys.argv = ["neuralscope.visualizer", "--view", view, "--theme", theme, "--index", str(digit), "--seed", "1",
                "--save", str(folder / "unused.png"), *options]
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = copies = [os.fdopen(os.dup(number), "w") for number in (1, 2)]  # the program wraps them
    try:
        runpy.run_module("neuralscope.visualizer", run_name="__main__")
    except SystemExit as end:
        if end.code:
            print(f"{name}: exit status {end.code}", file=sys.__stderr__)
    finally:
        Figure.__init__, Figure.savefig = init, savefig
        sys.stdout, sys.stderr = stdout, stderr
        del copies


def save(folder, options):
    """Draw every view into ``folder``."""
    from neuralscope.visualizer.views import VIEWS

    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)  # what a view says of the current folder is the same in both
    for view, theme, size, digit in product((view.title for view in VIEWS), THEMES, SIZES, DIGITS):
        draw(view, theme, size, digit, KEYS if digit == DIGITS[0] else (), folder, options)


def compare(before, after):
    """Print which pictures of two folders differ, and by how many pixels; return how many differ."""
    import numpy as np
    from PIL import Image

    names = sorted({path.name for folder in (before, after) for path in Path(folder).glob("*.png")})
    different = 0
    for name in names:
        paths = [Path(folder) / name for folder in (before, after)]
        if not all(path.exists() for path in paths):
            print(f"{name}: is not in both")
            different += 1
        elif paths[0].read_bytes() != paths[1].read_bytes():
            old, new = (np.asarray(Image.open(path)) for path in paths)
            pixels = np.count_nonzero((old != new).any(axis=-1)) if old.shape == new.shape else -1
            different += pixels != 0
            if pixels:
                print(f"{name}: {pixels} pixels of {old[..., 0].size} differ")
    print(f"{different} of {len(names)} pictures differ")
    return different


def main():
    """Save or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=("save", "compare"))
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    arguments, options = parser.parse_known_args()
    if arguments.action == "save":
        save(arguments.folders[0], options)
    else:
        sys.exit(bool(compare(*arguments.folders)))


if __name__ == "__main__":
    main()
