"""A folder of pictures as a data set, each in the folder of its digit (4/0001.png), and keeping a drawn digit there."""

import dataclasses
import io
import itertools
import os
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from neuralscope import images
from neuralscope.datasets.class_folders import LAYOUT_HINT, SYSTEM_FILES, find_classes
from neuralscope.datasets.image_files import LoadedImage, as_prepared_digit, read_images, walk_files
from neuralscope.datasets.registry import DIGIT_NAMES
from neuralscope.errors import InputError, printable
from neuralscope.images.grayscale import to_channels
from neuralscope.safe_files import replace_file, write_failure


def save_digit(folder: str | os.PathLike, label: int | str, picture: ArrayLike) -> Path:
    """Write a picture of the digit ``label`` to the next free ``folder/label/0001.png`` and return that path.

    ``picture``: as `images.preprocess` takes it; bool, uint8 and grey uint16 are read again as they were, floats
    rounded to 65,535 greys or 255 of each colour. The folders are made. Raises InputError, one line.
    """
    if str(label) not in DIGIT_NAMES:
        raise InputError(f"{label!r} is no digit to keep a picture as", "choose one of 0 to 9")
    content, home = encode_png(picture), Path(folder) / str(label)
    try:
        home.mkdir(parents=True, exist_ok=True)
        path = reserve_image_path(home)
        try:
            replace_file(path, content)
        except BaseException:  # Ctrl-C too: what was reserved is empty
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise write_failure(home, error, "keep it in another folder") from error
    return path


def reserve_image_path(home: Path) -> Path:  # type: ignore[return]
    """Return the path of the next picture in ``home``, an empty file made just now: nobody else's. Raises OSError."""
    stems = (os.path.splitext(name)[0] for name in os.listdir(home))
    for number in itertools.count(1 + max((int(stem) for stem in stems if stem.isdecimal()), default=0)):
        path = home / f"{number:04d}.png"
        try:
            open(path, "xb").close()
        except FileExistsError:  # another program was faster
            continue
        return path


def encode_png(picture: ArrayLike) -> bytes:
    """Return the bytes of a PNG file of a picture, with as many bits as it takes to read it again."""
    from PIL import Image

    values, picture = to_channels(picture), np.asarray(picture)
    if picture.dtype in (bool, np.uint8) or values.shape[2] > 1:
        values = np.rint(values * 255).astype(np.uint8)
    else:
        values = np.rint(values * np.float32(65535)).astype(np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(values[:, :, 0] if values.shape[2] == 1 else values).save(buffer, "png")
    return buffer.getvalue()


def read_image_folder(folder: str | os.PathLike, part: str = "test") -> tuple[np.ndarray, np.ndarray, str]:
    """Return images (n, 784) float32 in [0, 1], labels (n,) uint8, and a notice: what was left out, or "".

    `class_folders` says which folders are the parts; without one for the test everything beside the train part's is
    the test part. Digits come in their order, pictures in that of their names: 28x28, light ink on black, as they are,
    others through `images.as_digit`. Raises InputError where there is no such part, or not a picture in it.
    """
    found = find_classes(Path(folder), part)
    home = found.home
    digits, labels, left_out = [], [], []
    for name in found.names:
        paths = (path for path in walk_files(os.path.join(home, name))
                 if os.path.basename(path).lower() not in SYSTEM_FILES)
        for picture in itertools.chain.from_iterable(map(read_images, paths)):
            try:
                digits.append(to_digit(picture))
                labels.append(int(name))
            except InputError as error:
                left_out.append(f"{dataclasses.replace(picture, name=os.path.relpath(picture.name, home))}: {error}")
    left_out += found.left_out
    notice = f"{len(left_out)} left out of {printable(str(home))}, as {left_out[0]}" if left_out else ""
    if not digits:
        raise InputError(f"{home} holds no picture of a digit", LAYOUT_HINT + (f" ({notice})" if notice else ""))
    return np.stack(digits), np.array(labels, np.uint8), notice


def to_digit(picture: LoadedImage) -> np.ndarray:
    """Return a LoadedImage as (784,) float32; raises InputError."""
    if picture.error:
        raise InputError(picture.error)
    prepared = as_prepared_digit(picture)
    return images.as_digit(picture.array) if prepared is None else prepared[0][0]
