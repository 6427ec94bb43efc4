"""A better network is not replaced by a worse one: it is kept under a number beside it, and its snapshots with it."""

import itertools
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from neuralscope.data_loader import Digits
from neuralscope.errors import InputError
from neuralscope.formatting import share
from neuralscope.network import storage
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs.digest import is_digest_of
from neuralscope.runs.snapshots import load_snapshots, snapshots_path
from neuralscope.safe_files import write_atomically, write_failure


def replaceable_network(output: Path) -> SavedNetwork | None:
    """Return the SavedNetwork at ``output``, or None where there is none that can be read."""
    try:
        return storage.load(output)
    except InputError:
        return None


def describe_network(saved: SavedNetwork) -> str:
    """Return a file's name and what it holds, as "trained_weights.npz, 99.32 % of mnist"."""
    accuracy = saved.metadata.get("test_accuracy")
    held = "a network for" if accuracy is None else f"{share(accuracy, 1)} of"
    return f"{saved.path}, {held} {saved.metadata.get('dataset', 'data that it does not name')}"


def replacement_notice(output: Path, dataset: str, test: Digits) -> str:
    """Return a line on the network that a training on ``dataset``, with these test digits, will replace, or ""."""
    saved = replaceable_network(output)
    if not saved:
        return ""
    kept = free_number(output)
    if is_of_other_data(saved, dataset, test):
        return f"{describe_network(saved)}, will be kept as {kept}, for it is of other data"
    return f"{describe_network(saved)}, will be replaced at the end, or kept as {kept} where it is the better one"


def find_better(output: Path, metadata: dict, test: Digits) -> SavedNetwork | None:
    """Return the SavedNetwork at ``output``, or None where one with this metadata, judged by ``test``, is as good.

    One of other data may be better, and one of which nobody knows how well it reads.
    """
    saved = replaceable_network(output)
    if saved and (is_of_other_data(saved, metadata["dataset"], test)
                  or saved.metadata.get("test_accuracy", 1) > metadata["test_accuracy"]):
        return saved
    return None


def is_of_other_data(saved: SavedNetwork, dataset: str, test: Digits) -> bool:
    """Say whether a network is of another data set, or was judged by other test digits."""
    found, digest = saved.metadata.get("dataset", dataset), saved.metadata.get("test_sha256")
    return found != dataset or (digest is not None and not is_digest_of(digest, test))


def keep_network(saved: SavedNetwork) -> list[Path]:
    """Give a network's file another name too, a free number; return the new names, its own and its snapshots'.

    It has the old name still, so that nothing is lost whenever this is broken off. Raises InputError.
    """
    kept, own_snapshots = free_number(saved.path), snapshots_path(saved.path)
    pairs = [(saved.path, kept)]
    with suppress(InputError):
        load_snapshots(own_snapshots, saved)
        pairs.append((own_snapshots, snapshots_path(kept)))
    names: list[Path] = []
    try:
        for path, name in pairs:
            add_name(path, name)
            names.append(name)
    except InputError:
        remove_names(names)
        raise
    return names


def free_number(path: Path) -> Path:
    """Return ``path`` with the first number of which there is nothing: a.1.npz, a.2.npz."""
    names = (path.with_suffix(f".{count}.npz") for count in itertools.count(1))
    return next(name for name in names if not (os.path.lexists(name) or os.path.lexists(snapshots_path(name))))


def add_name(path: Path, name: Path) -> None:
    """Let ``name`` be the file at ``path`` too, or a copy where the disk has no such links; raises InputError."""
    try:
        os.link(os.path.realpath(path), name)
    except FileExistsError as error:
        raise write_failure(name, error) from error
    except OSError:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})", "see to it that it can be") from error
        write_atomically(name, content, "--output")


def remove_names(names: Iterable[Path]) -> None:
    """Remove names that files have others beside."""
    for name in names:
        with suppress(OSError):
            os.unlink(name)
