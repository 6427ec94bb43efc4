"""Any grey picture of a digit -> the 28x28 that a network trained on MNIST expects, one named step at a time.

The recipe is MNIST's own (http://yann.lecun.com/exdb/mnist): the ink's longer side becomes 20 pixels, its aspect kept,
with antialiasing; its centre of mass goes to the middle of 28x28. Pictures are (height, width), light ink on dark.
"""

import numpy as np

from neuralscope.augmentation import MIDDLE, SIDE, follow, taps
from neuralscope.errors import InputError

INK_SIDE = 20
CHUNK = 1000  # pictures at a time
MARGIN = 0.1  # of a source pixel, taken in around the ink: strokes at the rim fall off softly
DARKEST, LIGHTEST = 0.2, 0.9  # of the lightest ink; enlarged strokes get MNIST's width and edge


def as_digit(picture):
    """Return a picture (height, width) of any size, light ink on dark, as (784,) float32 in [0, 1].

    Raises InputError for a picture without ink.
    """
    picture = np.asarray(picture, np.float32)
    ink = scale_ink(picture, ink_box(picture))
    return centre(stretch_contrast(ink)).reshape(-1)


def ink_box(picture):
    """Return ``(left, top, right, bottom)`` of everything lighter than black, in pixels; the last two lie past it."""
    rows, columns = (np.flatnonzero((picture > 0).any(axis)) for axis in (1, 0))
    if not rows.size:
        raise InputError("the picture is empty: no ink on a dark ground; draw or choose another")
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def scale_ink(picture, box):
    """Return what is in ``box``, its longer side brought to 20 pixels by a Lanczos filter."""
    from PIL import Image

    left, top, right, bottom = box
    scale = INK_SIDE / max(right - left, bottom - top)
    size = [max(1, round(length * scale)) for length in (right - left, bottom - top)]
    framed = Image.fromarray(np.pad(picture, 1))
    edges = left + 1 - MARGIN, top + 1 - MARGIN, right + 1 + MARGIN, bottom + 1 + MARGIN
    return np.asarray(framed.resize(size, Image.Resampling.LANCZOS, box=edges))


def stretch_contrast(picture):
    """Return the picture with 0.2 of its lightest ink brought to 0 and 0.9 to 1, and cut off there."""
    return np.clip((picture / picture.max() - DARKEST) / (LIGHTEST - DARKEST), 0, 1)


def centre(picture):
    """Return the picture on 28x28, moved by whole pixels so that its centre of mass is nearest to the middle."""
    canvas = np.zeros((SIDE, SIDE), np.float32)
    place = []
    for axis, length in enumerate(picture.shape):
        mass = picture.sum(axis=1 - axis)
        start = round(MIDDLE - float(mass @ np.arange(length)) / float(mass.sum()))
        start = min(max(start, 0), SIDE - length)
        place.append(slice(start, start + length))
    canvas[tuple(place)] = picture
    return canvas


def deskew(images):
    """Return digits set upright: each sheared sideways until its ink leans neither way (LeCun et al. 1998).

    ``images`` (count, 784) float32 in [0, 1], and so the result. The slant is that of the ink's covariance, about its
    centre of mass, whose place is kept.
    """
    out = np.empty_like(images)
    for start in range(0, len(images), CHUNK):
        part = images[start:start + CHUNK]
        rows, columns = upright(part.reshape(-1, SIDE, SIDE))
        follow(part, *taps(rows, columns), out[start:start + CHUNK])
    return out


def upright(pictures):
    """Return where each pixel of the upright pictures lies in the pictures: (rows, columns), (count, 28, 28)."""
    grid = np.arange(SIDE, dtype=np.float32)
    ink = pictures / np.maximum(pictures.sum(axis=(1, 2), keepdims=True), 1e-6)
    rows, columns = ink.sum(axis=2), ink.sum(axis=1)
    y = grid - (rows @ grid)[:, np.newaxis]
    x = grid - (columns @ grid)[:, np.newaxis]
    covariance = np.einsum("nij,ni,nj->n", ink, y, x)
    slant = covariance / np.maximum((rows * y**2).sum(axis=1), 1e-6)
    sideways = slant[:, np.newaxis] * y
    return (np.broadcast_to(grid[:, np.newaxis], pictures.shape),
            grid + sideways[:, :, np.newaxis])


PREPARATIONS = {"deskew": deskew}  # by the name that a weights file gives


def prepare(images, name):
    """Return images (count, 784) as the weights file wants them that names this preparation; None: as they are.

    Raises InputError for a name that is not in PREPARATIONS.
    """
    if name is None:
        return images
    if name not in PREPARATIONS:
        raise InputError(f"the network wants its input prepared by {name!r}, and this NeuralScope knows only "
                         f"{', '.join(PREPARATIONS)}; update it, or choose another network")
    return PREPARATIONS[name](images)
