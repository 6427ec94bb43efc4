"""Where a training may write: its output, the files beside it and the log, checked before it begins."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs import snapshots
from neuralscope.runs.disk_space import FileSizes, PlannedFile, check_space
from neuralscope.runs.lock import is_held
from neuralscope.runs.snapshots import Snapshots
from neuralscope.safe_files import remove_leftovers, unused_path, write_atomically

MIN_RESERVATION_AGE_S = 60
MAX_LOG_LINE_BYTES = 10_000
OTHER_ENDINGS = ".checkpoint.npz", ".epochs.npz"  # of a training's files beside its output


def choose_output(given: str | None, dataset: str) -> tuple[Path, str]:
    """Return the path to write, which ends in .npz, and a line to say or "".

    Where nobody chose it, another data set's file is spared. Raises InputError.
    """
    path = Path(given or storage.DEFAULT_FILE_NAME)
    if os.path.exists(path) and not os.path.isfile(path):  # a folder, a device, a pipe
        raise InputError(f"{path}: is not a file", option_remedy="name one with --output")
    if path.suffix.lower() != ".npz":
        path = path.with_name(path.name + ".npz")
    if path.name.endswith(OTHER_ENDINGS):
        raise InputError(f"{path}: is what another file of a training is called", option_remedy=(
            "name one with --output that does not end in " + " or ".join(OTHER_ENDINGS)))
    if not given and os.path.isfile(path) and os.path.getsize(path):
        held_dataset = load_replaceable(path).metadata.get("dataset", dataset)
        if held_dataset != dataset:
            path = path.with_suffix(f".{Path(dataset).stem}.npz")
            return path, f"{storage.DEFAULT_FILE_NAME} holds a network for {held_dataset}, so this one goes to {path}"
    return path, ""


def load_replaceable(path: str | os.PathLike) -> SavedNetwork:
    """Return the SavedNetwork that a training would replace; raises InputError where it is something else."""
    try:
        return storage.load(path)
    except InputError as error:
        raise InputError(f"{path}: will not be overwritten, for it holds no network that can be read",
                         "remove it", "name another file with --output", "--evaluate says why") from error


def load_replaceable_checkpoint(path: str | os.PathLike) -> SavedNetwork:
    """Return the SavedNetwork of the checkpoint that a training would replace; raises InputError where it is none."""
    saved = load_replaceable(path)
    if not saved.state:
        raise InputError(f"{path}: will not be overwritten, for it is a finished network that has a checkpoint's name",
                         "rename it", "name another file with --output")
    return saved


def load_replaceable_snapshots(path: str | os.PathLike) -> Snapshots:
    """Return the Snapshots that a training would replace; raises InputError where they are something else."""
    try:
        return snapshots.read_snapshots(path)
    except InputError as error:
        raise InputError(f"{path}: will not be overwritten, for it holds no snapshots that can be read", "remove it",
                         "name another file with --output") from error


def checkpoint_path(output: Path) -> Path:
    """Return the path of the checkpoint beside an output, whose name ends in .npz."""
    return output.with_name(output.name[:-len(".npz")] + ".checkpoint.npz")


def output_path(checkpoint: Path) -> Path:
    """Return the output whose checkpoint this is."""
    return checkpoint.with_name(checkpoint.name.removesuffix(".checkpoint.npz") + ".npz")


def resumed_file(output: Path) -> Path:
    """Return what a training on this output continues: its checkpoint, or the finished network where that is all."""
    checkpoint = checkpoint_path(output)
    finished = os.path.isfile(output) and os.path.getsize(output) and not os.path.lexists(checkpoint)
    return output if finished else checkpoint


def reserve_output(path: Path, *, taken: bool = False) -> Path:
    """Return ``path`` or, where there is such a file, it with a number; an empty checkpoint keeps the name taken.

    With ``taken`` it gets a number at any rate.
    Where no checkpoint can be made the name is not taken, and ``check_output`` says why.
    """
    while True:
        free = free_output_path(path, 1 + taken)
        checkpoint = checkpoint_path(free)
        try:
            if is_leftover(checkpoint):
                os.utime(checkpoint)
            else:
                os.close(os.open(checkpoint, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        except OSError:
            return free
        return free


def free_output_path(path: Path, first: int = 1) -> Path:
    """Return what `reserve_output` would: ``path``, or it with a number, where no file of that name is."""
    return unused_path(path, lambda name: os.path.lexists(name) or is_held(name) or (
        os.path.lexists(checkpoint_path(name)) and not is_leftover(checkpoint_path(name))), first)


def is_leftover(checkpoint: Path) -> bool:
    """Say whether this is an empty file that a program left behind when it was ended."""
    with suppress(OSError):
        status = os.stat(checkpoint)
        old = time.time() - status.st_mtime > MIN_RESERVATION_AGE_S
        return old and not status.st_size and not is_held(output_path(checkpoint))
    return False


def release_output(path: Path) -> None:
    """Give the name of an output free again, where its checkpoint is still empty."""
    with suppress(OSError):
        if not os.path.getsize(checkpoint_path(path)):
            os.unlink(checkpoint_path(path))


def check_output(path: Path, sizes: FileSizes) -> None:
    """Raise InputError where the files of a training cannot be written beside ``path``, or one there is not ours.

    What killed programs left of them goes first.
    """
    checkpoint = checkpoint_path(path)
    remove_output_leftovers(path)
    check_space([PlannedFile(path, sizes.network, held=True), PlannedFile(checkpoint, sizes.checkpoint),
                 PlannedFile(snapshots.snapshots_path(checkpoint), sizes.snapshots)])
    for target, size, load in ((path, sizes.network, load_replaceable),
                               (checkpoint, sizes.checkpoint, load_replaceable_checkpoint)):
        check_target(target, size, load)
        if sizes.snapshots:
            check_target(snapshots.snapshots_path(target), sizes.snapshots, load_replaceable_snapshots)


def remove_output_leftovers(path: Path) -> None:
    """Remove what killed programs left of the files that a training writes, finished or not."""
    for network in (path, checkpoint_path(path)):
        for target in (network, snapshots.snapshots_path(network)):
            remove_leftovers(Path(os.path.realpath(target)))


def check_target(target: Path, size: int, load: Callable[[Path], object]) -> None:
    """Raise InputError where ``size`` bytes cannot be written, or would replace what ``load(target)`` refuses."""
    if os.path.exists(target):  # Path.exists raises where a folder may not be searched or a name is too long
        if not os.path.isfile(target):
            raise InputError(f"{target}: is not a file", option_remedy="name one with --output")
        if not os.access(target, os.W_OK):
            raise InputError(f"{target}: is write-protected", option_remedy="name another file with --output")
        if os.path.getsize(target):
            load(target)
    write_atomically(target, bytes(size), "--output", keep=False)


def check_log(log: str | os.PathLike, output: Path) -> None:
    """Raise InputError where writing the log would replace what is no log, or what this training writes."""
    networks = output, checkpoint_path(output)
    if os.path.realpath(log) in map(os.path.realpath, (*networks, *map(snapshots.snapshots_path, networks))):
        raise InputError(f"--log {log}: the network goes there", "name another file")
    if not os.path.exists(log):
        return
    if not os.path.isfile(log):
        raise InputError(f"--log {log}: is not a file", "name one")
    try:
        with open(log, "rb") as file:
            line = file.readline(MAX_LOG_LINE_BYTES)
        row = json.loads(line or '{"epoch": 0}')
    except OSError as error:
        raise InputError(f"--log {log}: cannot be read ({error.strerror})", "name another file") from error
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or "epoch" not in row:
        raise InputError(f"--log {log}: will not be overwritten, for it is no log of a training", "name another file")


def fingerprint(path: Path) -> tuple[int, int, int, int] | None:
    """Return what tells a file from any that is put in its place, or None where there is none."""
    with suppress(OSError):
        status = os.stat(path)
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
    return None
