"""How a network wants its digits changed before it reads them, by the name that its weights file gives."""

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE, bilinear_taps, resample

DESKEW_CHUNK_IMAGES = 1000  # pictures at a time


def deskew_digits(images: np.ndarray) -> np.ndarray:
    """Return digits set upright: each sheared sideways until its ink leans neither way (LeCun et al. 1998).

    ``images`` (count, 784) float32 in [0, 1], and so the result. The slant is that of the ink's covariance, about its
    centre of mass, whose place is kept.
    """
    out = np.empty_like(images)
    for start in range(0, len(images), DESKEW_CHUNK_IMAGES):
        part = images[start:start + DESKEW_CHUNK_IMAGES]
        rows, columns = upright_maps(part.reshape(-1, IMAGE_SIDE, IMAGE_SIDE))
        resample(part, *bilinear_taps(rows, columns), out[start:start + DESKEW_CHUNK_IMAGES])
    return out


def upright_maps(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each pixel of the upright pictures lies in the pictures: (rows, columns), (count, 28, 28)."""
    grid = np.arange(IMAGE_SIDE, dtype=np.float32)
    ink = pictures / np.maximum(pictures.sum(axis=(1, 2), keepdims=True), 1e-6)
    rows, columns = ink.sum(axis=2), ink.sum(axis=1)
    y = grid - (rows @ grid)[:, np.newaxis]
    x = grid - (columns @ grid)[:, np.newaxis]
    covariance = np.einsum("nij,ni,nj->n", ink, y, x)
    slant = covariance / np.maximum((rows * y**2).sum(axis=1), 1e-6)
    sideways = slant[:, np.newaxis] * y
    return (np.broadcast_to(grid[:, np.newaxis], pictures.shape),
            grid + sideways[:, :, np.newaxis])


PREPARATIONS = {"deskew": deskew_digits}  # by the name that a weights file gives


def prepare(images: np.ndarray, name: str | None) -> np.ndarray:
    """Return images (count, 784) as the weights file wants them that names this preparation; None: as they are.

    Raises InputError for a name that is not in PREPARATIONS.
    """
    if name is None:
        return images
    if name not in PREPARATIONS:
        raise InputError(f"the network wants its input prepared by {name!r}, and this NeuralScope knows only "
                         f"{', '.join(PREPARATIONS)}", "update it, or choose another network")
    return PREPARATIONS[name](images)
