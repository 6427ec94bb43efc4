"""``python -m benchmarks.label_rule [FILE...]``: which columns of pixels would be taken for the labels of a table.

Every column of MNIST, of the embedded digits and of the IDX files that are named is tried as if it were the first or
the last one of a table without names, of all rows and of fewer. None should be taken.
"""

import argparse
from pathlib import Path

import numpy as np

from neuralscope.data_loader import load
from neuralscope.datasets.array_files import read_idx
from neuralscope.datasets.label_column import are_labels_by_value, is_label_like
from neuralscope.datasets.table import Table

ROW_COUNTS = (30, 100, 1000, None)


def picture_sets(paths):
    """Yield a name and pixels (n, 784) of everything that is tried."""
    for name in ("auto", "digits"):
        dataset = load(name)
        yield f"{dataset.name}, training part", dataset.train.pixels
        yield f"{dataset.name}, test part", dataset.test.pixels
    for path in paths:
        yield Path(path).name, np.array([picture.reshape(-1) for _, picture in read_idx(path)])


def count_columns(pixels):
    """Return how many columns run without a gap and are none's most, and how many of these are taken for labels."""
    table, places = Table(pixels), np.arange(pixels.shape[1])
    candidates = [place for place in places if are_labels_by_value(pixels[:, place])]
    return len(candidates), sum(is_label_like(table, place, places) for place in candidates)


def main(argv=None):
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.label_rule", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help="IDX file of pictures of 28x28, gzipped or not")
    print("| pixels of | rows | columns | look like labels by themselves | taken for labels |\n|---|---|---|---|---|")
    for name, pixels in picture_sets(parser.parse_args(argv).files):
        for rows in ROW_COUNTS:
            some = pixels[:rows]
            if rows is None or len(some) == rows:
                alone, taken = count_columns(some)
                print(f"| {name} | {len(some):,} | {pixels.shape[1]} | {alone} | {taken} |")


if __name__ == "__main__":
    main()
