"""`RunFiles`: the files that a training writes, the room they have on the disk, and what gives way where it is full."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from neuralscope.data_loader import Digits
from neuralscope.errors import InputError, sentence
from neuralscope.network import storage
from neuralscope.network.model import Network
from neuralscope.runs.disk_space import FileSizes
from neuralscope.runs.epoch_log import EpochLog
from neuralscope.runs.kept_network import find_better, keep_network, remove_names
from neuralscope.runs.output_paths import checkpoint_path, fingerprint, reserve_output
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import snapshots_path
from neuralscope.safe_files import Temporary, hold_space, write_making_room


class RunFiles:
    """The files of a training: its log, its snapshots, its checkpoint, and at the end its output.

    ``output``: the path of the network; ``log``: a path or None; ``snapshot_writer``: a SnapshotWriter, or None.
    ``write_failures``: what could not be written last time, by the method that tried, and why in words; ``kept``: where
    the network is that the output replaced, or None. A network is given as `storage.encode_network` takes it: itself,
    its metadata, its history, and where it is to be continued its Trainer's state.
    """

    def __init__(self, output: Path, log: str | os.PathLike | None = None,
                 snapshot_writer: SnapshotWriter | None = None) -> None:
        self.output, self.checkpoint, self.snapshot_writer = output, checkpoint_path(output), snapshot_writer
        self.log = EpochLog(log)
        # of the checkpoint that this run wrote or continues; its position: the epoch, and the images learned of it
        self.own_fingerprint: tuple[int, ...] | None = None
        self.checkpoint_epochs: int | None = None
        self.checkpoint_position: tuple[int, int] | None = None
        self.write_failures: dict[str, str] = {}
        self.room: dict[Path, Temporary | None] = {}  # what is held of the disk, by the file that will take it
        self.gave_way = False  # the snapshots, for room
        self.kept: Path | None = None

    def hold_space(self, sizes: FileSizes) -> None:
        """Hold what output and first checkpoint take of the disk, where the system can do that; raises InputError."""
        self.room[self.output] = hold_space(self.output, sizes.network, "--output")
        if not self.own_fingerprint:
            self.room[self.checkpoint] = hold_space(self.checkpoint, sizes.checkpoint, "--output")

    def release_space(self, *paths: Path) -> None:
        """Hold nothing for these files any more; for none: nothing at all."""
        for path in paths or tuple(self.room):
            held = self.room.pop(path, None)
            if held:
                held.close()

    @property
    def has_own_checkpoint(self) -> bool:
        """Whether the checkpoint that is there is the one that this run wrote or continues."""
        return self.own_fingerprint is not None and self.own_fingerprint == fingerprint(self.checkpoint)

    def attempt(self, note: Callable[[str], None] | None, action: Callable[..., None], *arguments: Any) -> None:
        """Do what may fail for a while, as on a full disk: that is no reason to stop, and it is tried again.

        ``note(words)`` is called where it fails, once for all tries.
        """
        try:
            action(*arguments)
        except InputError as error:
            if note and not self.write_failures:
                note(str(error))
            self.write_failures[action.__name__] = str(error)
        else:
            self.write_failures.pop(action.__name__, None)

    def write_log(self, history: Sequence[dict]) -> None:
        """Write the epochs that the log does not have; raises InputError."""
        self.log.write(history)

    def write_snapshots(self) -> None:
        """Write the snapshots that are not written yet; raises InputError."""
        if self.snapshot_writer:
            self.snapshot_writer.write()

    def write_checkpoint(self, network: Network, metadata: dict, history: dict[str, np.ndarray],
                         state: dict[str, np.ndarray]) -> None:
        """Write the checkpoint; raises InputError, which says what an older one holds.

        Where another training has written there meanwhile, this one goes on under another name.
        """
        if self.own_fingerprint and fingerprint(self.checkpoint) not in (None, self.own_fingerprint):
            self.output, self.own_fingerprint = reserve_output(self.output, taken=True), None
            self.checkpoint = checkpoint_path(self.output)
        try:
            storage.save(network, self.checkpoint, metadata, history, state, held=self.room.get(self.checkpoint))
        except InputError as error:
            if not self.has_own_checkpoint:
                raise
            raise error.followed_by(f"epoch {self.checkpoint_epochs} is still in {self.checkpoint}") from error
        self.release_space(self.checkpoint)
        self.note_checkpoint(metadata["epochs_run"], state)

    def note_checkpoint(self, epochs: int, state: dict[str, np.ndarray]) -> None:
        """Remember which file the checkpoint is, of how many epochs, and where in its epoch ``state`` was read."""
        self.own_fingerprint, self.checkpoint_epochs = fingerprint(self.checkpoint), epochs
        self.checkpoint_position = int(state["epoch"]), int(state["position"])

    def write_last_checkpoint(self, *content: Any) -> None:
        """Write the checkpoint that stays; on a full disk the output's room, then the snapshots give way to it."""
        self.attempt(None, self.write_snapshots)
        try:
            write_making_room(lambda: self.write_checkpoint(*content), lambda: self.release_space(self.output),
                              self.give_way)
        finally:
            if self.gave_way:  # maybe there is room for them now
                self.attempt(None, self.write_snapshots)
                self.tell_what_gave_way("write_snapshots")

    def give_way(self) -> None:
        """Remove the snapshots' file, for room."""
        if self.snapshot_writer and self.snapshot_writer.give_way():
            self.gave_way = True

    def tell_what_gave_way(self, action: str) -> None:
        """Say of snapshots that could not be written again by this method that they gave way."""
        if self.gave_way and action in self.write_failures:
            self.write_failures[action] = sentence("the snapshots gave way to what was learned",
                                                   self.write_failures[action])

    def write_output(self, network: Network, metadata: dict, history: dict[str, np.ndarray], test: Digits) -> None:
        """Write the output into its room, and keep a better network that it replaces; raises InputError.

        ``test``: the digits that judged it. Where there is no room the snapshots give way to it.
        """
        better = find_better(self.output, metadata, test)
        kept = keep_network(better) if better else []
        try:
            write_making_room(
                lambda: storage.save(network, self.output, metadata, history, held=self.room.get(self.output)),
                self.give_way)
        except InputError:
            remove_names(kept)
            raise
        self.release_space()
        self.kept, kept_snapshots = (*kept, None, None)[:2]
        if kept_snapshots:  # they have their other name alone
            remove_names([snapshots_path(self.output)])

    def finish(self, history: Sequence[dict]) -> None:
        """Move the snapshots beside the output, and remove this run's checkpoint, but no other's.

        Why snapshots, or the log of ``history``, could not be written is in ``write_failures``.
        """
        self.write_failures = {}
        self.attempt(None, self.write_log, history)
        if self.snapshot_writer:
            self.attempt(None, self.snapshot_writer.finish, snapshots_path(self.output))
        if self.has_own_checkpoint:
            with suppress(OSError):  # it stays where another program has it open
                self.checkpoint.unlink()
        if self.snapshot_writer and "finish" in self.write_failures:  # there is more room now
            self.attempt(None, self.snapshot_writer.finish, snapshots_path(self.output))
            self.tell_what_gave_way("finish")
