"""Warps of pictures: shift, turn, scale, shear (affine) and elastic, to learn from more handwriting than there is.

A warp is a map of where each pixel of the result comes from. Making and following one costs about as much as learning
a picture, so ``IMAGES_PER_MAP`` pictures share each map; whoever calls sees to it that these are never the same ones
twice.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

IMAGE_SIDE = 28
IMAGE_PIXELS = IMAGE_SIDE**2
IMAGES_PER_MAP = 32  # pictures that share a map
MASS_CENTRE = 14.0  # where the mean centre of mass of MNIST's pictures lies, not on 13.5; warps turn and scale about it


@dataclass(frozen=True)
class Warp:
    """How strong each kind of warp is; an affine one is drawn evenly between minus and plus its number.

    ``shift``: pixels. ``turn``: degrees. ``scale``: share of the size, of height and width apart. ``shear``: sideways,
    pixels a pixel.
    ``alpha``, ``sigma``: an even random displacement of every pixel, in -1 to 1, smoothed with a Gaussian of ``sigma``
    pixels and multiplied by ``alpha`` (Simard, Steinkraus & Platt 2003).
    """

    shift: float = 0.0
    turn: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    alpha: float = 0.0
    sigma: float = 4.0

    def scaled_by(self, strength: float) -> "Warp":
        """Return this warp with every strength multiplied."""
        return replace(self, **{entry.name: getattr(self, entry.name) * strength
                                for entry in fields(self) if entry.name != "sigma"})


AFFINE_WARP = Warp(shift=1.0, turn=8.0, scale=0.1, shear=0.1)
AUGMENTATIONS = {"none": None, "affine": AFFINE_WARP, "elastic": replace(AFFINE_WARP, alpha=24.0)}
FADE_START_PROGRESS, FADE_END_STRENGTH = 0.75, 0.3


def fade_strength(progress: float) -> float:
    """Return the strength of warps at a training's ``progress``, 0 to 1: weaker ones at its end bring it home.

    1 for three quarters, then straight down to FADE_END_STRENGTH.
    """
    return 1 - (1 - FADE_END_STRENGTH) * max(progress - FADE_START_PROGRESS, 0) / (1 - FADE_START_PROGRESS)


def augment(images: ArrayLike, warp: Warp, rng: np.random.Generator, out: np.ndarray | None = None,
            pixel_order: np.ndarray | None = None) -> np.ndarray:
    """Return each image warped at random, as ``out`` or a new array: (count, 784) float32 in [0, 1], as ``images``.

    ``pixel_order`` (784,): which pixel is to stand at each place of the result (default: the images' order).

    Outside its 28 by 28 pixels a picture is dark. Image ``i`` shares its map with those at ``i`` plus multiples of
    the number of maps, so neighbours never do. The same ``rng`` gives the same pictures.
    """
    images = np.asarray(images, np.float32)
    out = np.empty_like(images) if out is None else out
    maps = -(-len(images) // IMAGES_PER_MAP)
    if maps:
        indices, shares = bilinear_taps(*random_maps(maps, warp, rng))
        if pixel_order is not None:
            indices, shares = indices.take(pixel_order, axis=2), shares.take(pixel_order, axis=2)
        resample(images, indices, shares, out)
    return out


def random_maps(count: int, warp: Warp, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return where ``count`` random maps fetch each pixel from: (rows, columns), each (count, 28, 28) float32."""
    def draw(limit):
        return rng.uniform(-limit, limit, (count, 1, 1)).astype(np.float32)

    angle, shear = draw(np.radians(warp.turn)), draw(warp.shear)
    grid = np.arange(IMAGE_SIDE, dtype=np.float32) - np.float32(MASS_CENTRE)
    y = grid[:, np.newaxis] / (1 + draw(warp.scale))
    x = grid / (1 + draw(warp.scale)) + shear * y
    rows = np.sin(angle) * x + np.cos(angle) * y + (draw(warp.shift) + np.float32(MASS_CENTRE))
    columns = np.cos(angle) * x - np.sin(angle) * y + (draw(warp.shift) + np.float32(MASS_CENTRE))
    if warp.alpha:
        smooth = gaussian_matrix(warp.sigma)
        noise = rng.random((2, count, IMAGE_SIDE, IMAGE_SIDE), dtype=np.float32) * 2 - 1
        elastic = smooth @ noise @ smooth * np.float32(warp.alpha)
        rows, columns = rows + elastic[0], columns + elastic[1]
    return rows, columns


def gaussian_matrix(sigma: float) -> np.ndarray:
    """Return the matrix (28, 28) float32 that smooths a column of pixels; nothing comes in from outside."""
    grid = np.arange(IMAGE_SIDE)
    distances = grid[:, np.newaxis] - grid
    return (np.exp(-0.5 * (distances / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))).astype(np.float32)


def bilinear_taps(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the four pixels around each place and their shares of it (bilinear): (maps, 4, 784) intp and float32."""
    indices = np.empty((len(rows), 4, IMAGE_PIXELS), np.intp)
    shares = np.empty((len(rows), 4, IMAGE_PIXELS), np.float32)
    sides = [axis_taps(rows.reshape(-1, IMAGE_PIXELS)), axis_taps(columns.reshape(-1, IMAGE_PIXELS))]
    for tap in range(4):
        (row, row_share), (column, column_share) = sides[0][tap // 2], sides[1][tap % 2]
        np.add(row * IMAGE_SIDE, column, out=indices[:, tap], casting="unsafe")
        np.multiply(row_share, column_share, out=shares[:, tap])
    return indices, shares


def axis_taps(positions: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the pixel before and the one after each place on one axis, each with its share: 0 outside the picture."""
    before = np.floor(positions)
    after_share = positions - before
    pairs = []
    for pixel, share in ((before, 1 - after_share), (before + 1, after_share)):
        inside = np.clip(pixel, 0, IMAGE_SIDE - 1)
        pairs.append((inside, share * (inside == pixel)))
    return pairs


def resample(images: np.ndarray, indices: np.ndarray, shares: np.ndarray, out: np.ndarray) -> None:
    """Put images into ``out``, each by its map: rows of 32 pictures' values at a time, all in the processor's cache."""
    maps = len(indices)
    gathered = np.empty((4, IMAGE_PIXELS, IMAGES_PER_MAP), np.float32)
    for number in range(maps):
        pixels = np.ascontiguousarray(images[number::maps].T)
        corner_values = gathered[:, :, :pixels.shape[1]]
        if not corner_values.flags.c_contiguous:  # the last groups may be one picture short
            corner_values = np.empty(corner_values.shape, np.float32)
        pixels.take(indices[number], axis=0, out=corner_values, mode="clip")  # "raise" would buffer
        corner_values *= shares[number, :, :, np.newaxis]
        out[number::maps] = corner_values.sum(axis=0).T
