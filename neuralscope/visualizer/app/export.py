"""A picture of the window as a file."""

import io
import os
from pathlib import Path

import matplotlib

from neuralscope.errors import InputError
from neuralscope.safe_files import unused_path, write_atomically

PICTURE_SUFFIXES = (".png", ".pdf", ".svg")


def render_figure(figure, suffix):
    """Return the bytes of a picture of ``figure``; ``suffix`` is one of PICTURE_SUFFIXES."""
    buffer = io.BytesIO()
    with matplotlib.rc_context({"savefig.bbox": None}):  # a person's matplotlibrc may cut the margins off
        figure.savefig(buffer, format=suffix[1:], dpi="figure", facecolor=figure.get_facecolor())
    return buffer.getvalue()


def check_picture_path(path):
    """Raise InputError where a picture cannot have this name."""
    if Path(path).suffix.lower() not in PICTURE_SUFFIXES:
        raise InputError(f"--save {path}: pictures end in {', '.join(PICTURE_SUFFIXES)}", "name such a file")


def save_picture(figure, path):
    """Write a picture of ``figure`` to ``path`` (.png, .pdf or .svg); InputError in words where that fails."""
    check_picture_path(path)
    path = Path(path)
    write_atomically(path, render_figure(figure, path.suffix.lower()), "--save")


def file_stem(session, label):
    """Return the name, without suffix, of a file of the digit shown, and ``label``."""
    digit = "own" if session.is_user_digit else f"{session.dataset.name}-{session.index}"
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in f"neuralscope-{digit}-{label}")


def free_path(session, label, suffix):
    """Return the path of a file in the current folder, of which there is none: of the digit shown, and ``label``.

    Raises InputError where there is no such folder.
    """
    return free_path_of(file_stem(session, label), suffix)


def free_path_of(stem, suffix):
    """Return the path of a file in the current folder, of which there is none; raises InputError without such a folder.
    """
    try:
        folder = Path.cwd()
    except OSError as error:
        raise InputError(f"there is no current folder to write to ({error.strerror})") from error
    return unused_path(folder / f"{stem}{suffix}", os.path.exists)


def save_in_current_folder(figure, session, label):
    """Write a picture of ``figure`` into the current folder, never over a file; return a sentence on how it went.

    Or hand it over, where the session has somebody to hand it to.
    """
    if session.download:
        return session.download(f"{file_stem(session, label)}.png", render_figure(figure, ".png"))
    try:
        path = free_path(session, label, ".png")
        save_picture(figure, path)
    except InputError as error:
        return f"not saved: {error}"
    return f"saved {path}"


def save_file_in_current_folder(session, name, suffix, content):
    """Write ``content``, bytes, into the current folder, never over a file; return a sentence on how it went.

    Or hand it over, where the session has somebody to hand it to.
    """
    stem = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in f"neuralscope-{name}")
    if session.download:
        return session.download(f"{stem}{suffix}", content)
    try:
        path = free_path_of(stem, suffix)
        write_atomically(path, content, "--save")
    except InputError as error:
        return f"not saved: {error}"
    return f"saved {path}"
