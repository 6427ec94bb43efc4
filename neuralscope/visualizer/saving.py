"""A picture of the window as a file."""

import io
import itertools
from pathlib import Path

import matplotlib

from neuralscope.errors import InputError
from neuralscope.files import write_whole

FORMATS = (".png", ".pdf", ".svg")


def rendered(figure, suffix):
    """Return the bytes of a picture of ``figure``; ``suffix`` is one of FORMATS."""
    buffer = io.BytesIO()
    with matplotlib.rc_context({"savefig.bbox": None}):  # a person's matplotlibrc may cut the margins off
        figure.savefig(buffer, format=suffix[1:], dpi="figure", facecolor=figure.get_facecolor())
    return buffer.getvalue()


def save_picture(figure, path):
    """Write a picture of ``figure`` to ``path`` (.png, .pdf or .svg); InputError in words where that fails."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{path}: pictures end in {', '.join(FORMATS)}")
    write_whole(path, rendered(figure, path.suffix.lower()), "--save")


def save_beside(figure, stem):
    """Write ``stem.png`` into the current folder, never over a file, and return a sentence on how it went."""
    stem = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in stem)
    try:
        folder = Path.cwd()
        names = (f"{stem}.png" if count == 1 else f"{stem}-{count}.png" for count in itertools.count(1))
        path = next(folder / name for name in names if not (folder / name).exists())
        save_picture(figure, path)
    except OSError as error:
        return f"not saved: there is no current folder to write to ({error.strerror})"
    except InputError as error:
        return f"not saved: {error}"
    return f"saved {path}"
