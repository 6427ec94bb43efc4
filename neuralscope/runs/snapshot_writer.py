"""Keeping snapshots of a training while it runs."""

import os
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.evaluation import evaluate
from neuralscope.network.model import Network
from neuralscope.network.options import TrainingOptions
from neuralscope.network.pixel_order import SortedImages
from neuralscope.network.reports import LabelledImages
from neuralscope.runs.output_paths import fingerprint
from neuralscope.runs.snapshots import HISTORY_NAMES, Snapshots, read_snapshots, save_snapshots

MAX_SNAPSHOTS = 40
MAX_SNAPSHOT_BYTES = 10**8  # of all of them; where not even two fit, the first and the last are kept
MAX_FLOAT16 = float(np.finfo(np.float16).max)


class SnapshotWriter:
    """Keeps the snapshots of a training while it runs.

    ``path``: where they are written meanwhile; ``options``: TrainingOptions; ``test``: the test digits; ``metadata``:
    what the metadata says of the training; ``max_count``: how many to keep at most, if that was chosen.
    ``snapshots`` is what there is now: a value that no later one changes.
    """

    def __init__(self, path: str | os.PathLike, options: TrainingOptions, test: LabelledImages, metadata: dict,
                 max_count: int | None = None) -> None:
        """Begin with none."""
        self.test, self.unwritten = test, False
        self.own_fingerprint: tuple[int, ...] | None = None
        sizes = (test.pixels.shape[1], *options.hidden, int(test.labels.max()) + 1)
        self.snapshot_bytes = 2 * sum((before + 1) * after for before, after in pairwise(sizes)) + len(test.labels)
        self.snapshots = Snapshots(
            Path(path), np.empty(0, np.int64), np.empty((0, len(test.labels)), np.uint8),
            {name: np.empty(0) for name in HISTORY_NAMES}, options.epochs, metadata, (), max_count)

    @property
    def kept_epochs(self) -> tuple[int, ...]:
        """The epochs to keep."""
        chosen = self.snapshots.max_count or MAX_SNAPSHOTS
        return epochs_to_keep(self.snapshots.epoch_count, min(chosen, MAX_SNAPSHOT_BYTES // self.snapshot_bytes))

    @property
    def size(self) -> int:
        """How many bytes there will be in all, but for the file's frame."""
        return self.snapshot_bytes * len(self.kept_epochs)

    @cached_property
    def test_images(self) -> SortedImages:
        """The test images, for all the networks that are judged by them."""
        return SortedImages(self.test.pixels)

    def has_own_file(self) -> bool:
        """Say whether the file that is there is of this training."""
        try:
            return self._is_ours(read_snapshots(self.snapshots.path))
        except InputError:
            return False

    def _is_ours(self, found):
        current = self.snapshots
        return (found.metadata, found.epoch_count, found.predictions.shape[1:]) == (
            current.metadata, current.epoch_count, current.predictions.shape[1:])

    def resume(self, epoch: int) -> None:
        """Continue the file that is there, if any, after this epoch; raises InputError where it cannot be."""
        current = self.snapshots
        if not os.path.exists(current.path):
            return
        found = read_snapshots(current.path)
        if not self._is_ours(found):
            raise InputError(f"{current.path}: holds snapshots of another training", "remove it",
                             "leave out --snapshots")
        if current.max_count not in (None, found.max_count):
            raise InputError(f"{current.path}: is of a training that keeps up to {found.max_count or MAX_SNAPSHOTS} "
                             "snapshots", option_remedy="give --snapshots without a number")
        self.snapshots, self.own_fingerprint = found.up_to(epoch), fingerprint(current.path)

    def is_due(self, epoch: int) -> bool:
        """Say whether this epoch is one to keep, and not kept yet."""
        return epoch in self.kept_epochs and epoch not in self.snapshots.epochs

    def add(self, epoch: int, network: Network, history_row: dict | None = None) -> None:
        """Keep the network as it is after ``epoch``, and its ``history_row``: a dict, of which HISTORY_NAMES are taken.

        Raises InputError, and keeps nothing, where a weight is larger than float16 holds.
        """
        largest = max(float(np.abs(array).max()) for array in network.parameters.values())
        if largest > MAX_FLOAT16:
            raise InputError(f"no snapshot of epoch {epoch}: its largest weight, {largest:.3g}, is beyond the "
                             f"{MAX_FLOAT16:.0f} that a snapshot holds",
                             option_remedy="learn slower with --learning-rate")
        small = network.astype(np.float16)
        judged = evaluate(small.astype(np.float32), self.test_images, self.test.labels)
        row = (history_row or {}) | {"test_loss": judged.loss, "test_accuracy": judged.accuracy}
        self.snapshots = self.snapshots.with_snapshot(epoch, small, judged.predictions, row)
        self.unwritten = True

    def write(self, deflated: bool = False) -> None:
        """Write what is not written yet, in one step; raises InputError, with the file as it was."""
        if self.unwritten or (deflated and self.own_fingerprint == fingerprint(self.snapshots.path)):
            save_snapshots(self.snapshots, deflated)
            self.unwritten, self.own_fingerprint = False, fingerprint(self.snapshots.path)

    def give_way(self) -> bool:
        """Remove the file, if it is this training's; what it held is written again where there is room. Return whether.
        """
        if not self.own_fingerprint or self.own_fingerprint != fingerprint(self.snapshots.path):
            return False
        try:
            os.unlink(self.snapshots.path)
        except OSError:
            return False
        self.unwritten, self.own_fingerprint = True, None
        return True

    def finish(self, path: str | os.PathLike) -> None:
        """Write all, and move the file to where it stays; raises InputError."""
        try:
            self.write(deflated=True)
        finally:  # what was written earlier is better than nothing
            self.move(path)

    def move(self, path: str | os.PathLike) -> None:
        """Move the file, if it is this training's; raises InputError."""
        before = self.snapshots.path
        if not self.own_fingerprint or self.own_fingerprint != fingerprint(before):
            return
        try:
            os.replace(before, os.path.realpath(path))
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})",
                             f"the snapshots are in {before}: move it there") from error
        self.snapshots = replace(self.snapshots, path=Path(path))


def epochs_to_keep(epochs: int, max_count: int = MAX_SNAPSHOTS) -> tuple[int, ...]:
    """Return at most ``max_count`` epochs, but 2 always, ascending: 0, each early one, then by ratio, and the last."""
    epochs_kept = [0, 1]
    while epochs_kept[-1] < epochs and len(epochs_kept) < max_count:
        left = max_count - len(epochs_kept)
        epochs_kept.append(max(epochs_kept[-1] + 1, round(epochs_kept[-1] * (epochs / epochs_kept[-1]) ** (1 / left))))
    return (*epochs_kept[:-1], epochs)
