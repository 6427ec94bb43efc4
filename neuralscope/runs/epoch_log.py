"""The log of a training: one JSON object a line, one line an epoch."""

import json
import os
from collections.abc import Sequence

from neuralscope.errors import InputError


class EpochLog:
    """The file at ``path``; None: there is to be none."""

    def __init__(self, path: str | os.PathLike | None) -> None:
        """Begin with nothing written."""
        self.path, self.rows_written, self.size = path, 0, 0

    def write(self, rows: Sequence[dict]) -> None:
        """Write those of ``rows``, dicts, that are not written yet; the first time in place of what the file held.

        Raises InputError; what could not be written then is written the next time.
        """
        if not self.path:
            return
        lines = "".join(json.dumps(row) + "\n" for row in rows[self.rows_written:]).encode()
        try:
            with open(self.path, "ab") as file:
                file.truncate(min(self.size, file.tell()))  # a full disk may have left half a line
                file.write(lines)
        except OSError as error:
            raise InputError(f"--log {self.path}: cannot be written ({error.strerror})", "name another file") from error
        self.rows_written, self.size = len(rows), self.size + len(lines)
