"""The files that readers of a server may cause: how much room they have, how long they stay, what is told of them."""

import copy
import os
import re
import time
from contextlib import suppress

from neuralscope.errors import InputError
from neuralscope.runs.lock import is_held
from neuralscope.runs.output_paths import checkpoint_path, fingerprint, output_path
from neuralscope.runs.snapshots import snapshots_path
from neuralscope.visualizer.live.interrupted import read_metadata

DEFAULT_DISK_BYTES = 10**9
SIZE_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
MAX_CHECKPOINT_AGE_S = 24 * 60 * 60  # seconds for which an ended training of a reader can be continued
READER_MARK = {"begun_by": "a reader"}  # in the metadata of what a reader trains: other checkpoints are left alone
# a folder's part of an absolute path, which may begin a text or follow a space, a quote or a bracket
ABSOLUTE_FOLDER = re.compile(r"(?<![\w.~/\\])(?:[A-Za-z]:)?[/\\](?:[^\s:;,'\"/\\]+[/\\])*(?=[^\s/\\])")


def parse_size(text):
    """Return how many bytes a text as 500MB or 2GB means; raises ValueError."""
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,15})?)\s*([KMGT]?B|)", text.strip().upper())
    if not found:
        raise ValueError(text)
    return int(float(found[1]) * SIZE_UNITS[found[2]])


def format_size(count):
    """Return a number of bytes in words, as 1.5 GB."""
    unit, size = next(((unit, size) for unit, size in reversed(SIZE_UNITS.items()) if count >= size), ("B", 1))
    return f"{count / size:.3g} {unit}"


def find_training_files(output):
    """Yield the path of every file of the trainings that went, or are to go, to ``output`` or to it with a number."""
    name = re.compile(re.escape(output.stem) + r"(-\d+)?(\.checkpoint)?(\.epochs)?\.npz")
    with suppress(OSError), os.scandir(output.parent) as entries:
        yield from (output.with_name(entry.name) for entry in entries if name.fullmatch(entry.name))


def check_disk(output, limit, count):
    """Raise InputError where ``count`` more bytes would be more than ``limit`` with all there is of such trainings."""
    used = 0
    for path in find_training_files(output):
        with suppress(OSError):
            used += os.path.getsize(path)
    if used + count > limit:
        raise InputError(f"the files of trainings here have {format_size(used)} of the {format_size(limit)} they may "
                         f"have, and this one takes up to {format_size(count)}",
                         "choose fewer neurons, or ask whoever runs the server for room",
                         option_remedy="give it more with --disk")


def remove_checkpoint(output):
    """Remove what there is to continue of the training of ``output``."""
    checkpoint = checkpoint_path(output)
    for path in (snapshots_path(checkpoint), checkpoint):
        with suppress(OSError):
            os.unlink(path)


def remove_old_checkpoints(output):
    """Remove what readers' trainings left to continue more than MAX_CHECKPOINT_AGE_S ago."""
    for path in find_training_files(output):
        with suppress(InputError, OSError):
            if (path.name.endswith(".checkpoint.npz") and time.time() - os.path.getmtime(path) > MAX_CHECKPOINT_AGE_S
                    and not is_held(output_path(path))
                    and read_metadata(path, fingerprint(path)).items() >= READER_MARK.items()):
                remove_checkpoint(output_path(path))


def without_folders(text, *paths):
    """Return what a reader is told: the folders of ``paths``, and of any absolute path in a text, are left out.

    What is wrong with a file is said in many places, for whoever sits at the machine, who wants to know where it is.
    """
    for path in paths:
        folder = os.path.join(os.path.dirname(path), "")
        if folder not in ("", os.sep):
            text = text.replace(folder, "")
    return ABSOLUTE_FOLDER.sub("", text)


def error_without_folders(error, *paths):
    """Return an InputError as a reader is told it."""
    told = copy.copy(error)
    told.problem, told.remedy, told.outcome = (
        without_folders(text, *paths) for text in (error.problem, error.remedy, error.outcome))
    told.option_remedy = told.option_hint = ""
    return told
