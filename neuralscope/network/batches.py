"""The pictures of an epoch, batch by batch; they are gathered, warped and sorted ahead of need, on a second thread."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from neuralscope.images.augmentation import Warp, augment
from neuralscope.images.pixels import to_unit_range
from neuralscope.network.pixel_order import PixelOrder, count_lit

BLOCK_IMAGES = 2048  # pictures made ahead; twice as many lie in memory


class Batches:
    """Hands out ``images`` (count, inputs), uint8 or float32, in an order of their indices, ``size`` at a time.

    ``warp``: an ``augmentation.Warp``, or None for the pictures as they are. What is drawn at random depends on
    ``seed``, the epoch and the place in it alone, so whoever comes back to a place gets the same pictures.
    ``pixel_order``: a PixelOrder, in which the pixels are handed out up to a batch's last lit one, or None for all.
    """

    def __init__(self, images: np.ndarray, size: int, warp: Warp | None, seed: int,
                 pixel_order: PixelOrder | None = None) -> None:
        self.images, self.size, self.warp, self.seed = images, size, warp, seed
        self.pixel_order = pixel_order
        self.block = size * -(-BLOCK_IMAGES // size)  # whole batches
        self.executor = ThreadPoolExecutor(1, "batches")

    def start_epoch(self, order: np.ndarray, epoch: int, strength: float) -> None:
        """Set out on an epoch, numbered from 0, with its order of the images; ``strength`` multiplies the warp."""
        self.order, self.epoch, self.strength = order, epoch, strength
        self.blocks: dict[int, Future] = {}  # by number: what is being made, or was

    def take(self, position: int) -> np.ndarray:
        """Return the batch that begins at ``position`` of the order: float32 in [0, 1], a view."""
        number, offset = divmod(position, self.block)
        for wanted in (number, number + 1):
            if wanted not in self.blocks and wanted * self.block < len(self.order):
                self.blocks = {old: self.blocks[old] for old in self.blocks if old in (number, number + 1)}
                self.blocks[wanted] = self.executor.submit(
                    self.make_block, self.order, self.epoch, self.strength, wanted
                )
        block = self.blocks[number]
        if block.exception():  # raised below; who tries again is not to meet it again
            self.blocks = {}
        return block.result()[offset // self.size]

    def make_block(self, order: np.ndarray, epoch: int, strength: float, number: int) -> list[np.ndarray]:
        """Return one block's batches, warped and sorted if they are to be; runs on the second thread."""
        images = self.images.take(order[number * self.block:(number + 1) * self.block], axis=0)
        starts = range(0, len(images), self.size)
        pixels = None if self.pixel_order is None else self.pixel_order.indices
        if self.warp is not None:
            rng, images = np.random.default_rng([self.seed, epoch, number]), to_unit_range(images)
            images = augment(images, self.warp.scaled_by(strength), rng, images, pixels)
        elif pixels is not None:
            images = images.take(pixels, axis=1)
        if pixels is None:
            images = to_unit_range(images)
            return [images[start:start + self.size] for start in starts]
        counts = [count_lit(images[start:start + self.size]) for start in starts]  # of bytes: a quarter as long
        images = to_unit_range(images)
        return [images[start:start + self.size, :count] for start, count in zip(starts, counts, strict=True)]
