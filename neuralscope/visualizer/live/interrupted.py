"""The trainings that were interrupted, as their checkpoints tell."""

import glob
import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.runs.lock import is_held
from neuralscope.runs.output_paths import fingerprint, output_path


def find_interrupted(output, dataset):
    """Return the checkpoints of trainings on this data that were to go to ``output``, or to it with a number.

    As a list of path and metadata, the newest first.
    """
    name, found = re.compile(re.escape(output.stem) + r"(-\d+)?\.checkpoint\.npz"), []
    for path in map(Path, glob.glob(f"{glob.escape(str(output.with_suffix('')))}*.checkpoint.npz")):
        with suppress(InputError, OSError):
            if not name.fullmatch(path.name) or is_held(output_path(path)):
                continue
            metadata = read_metadata(path, fingerprint(path))
            if metadata.get("dataset") == dataset.name:
                found.append((os.path.getmtime(path), path, metadata))
    return [(path, metadata) for _, path, metadata in sorted(found, key=lambda row: -row[0])]


@lru_cache
def read_metadata(path, _fingerprint):
    """Return the metadata of a checkpoint, read once for each file that was ever there."""
    return storage.load_checkpoint_metadata(path)
