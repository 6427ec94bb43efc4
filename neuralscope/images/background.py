"""The background of a grey picture (paper, light, noise), and the ink that stands out of it."""
from dataclasses import dataclass

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.components import NO_INK, dilate, find_digit_ink, part_with_ink, reaches_edge
from neuralscope.images.frames import frame_depth, ring_pixels
from neuralscope.images.outlines import may_hold_outlines, without_outlines
from neuralscope.short_repr import short_repr

SURFACE_SIDE_PX = 64  # pixels of the longer side where an uneven surface is found
MEDIAN_WINDOW_SHARE = 0.35  # of that side
TINY_SIDES_PX = 16, 24  # pixels of the shorter side below which nothing can be known of noise, and little
FLAT_BORDER_SHARES = 0.4, 0.6  # of the border that is equal, there and in larger pictures: then the ground is flat
MIN_CONTRAST = 1 / 255  # of white: a grey level
STRONG_INK_SHARE = 0.15  # of the lightest ink: what is fainter belongs to the ink beside it, or is stray
FADING_SHARE, MARGIN_SHARE = 0.03, 0.1  # of the ink's longer side: how far it fades, and the ground around it
MIN_GROUND_SHARE = 0.1  # of a picture, which tells of its noise
NORMAL_SHARE = 0.68  # of normal noise that lies within its standard deviation
MAX_NOISE_PEAK_SHARE = 0.25  # of the lightest ink: above it, it is no noise
MAX_NOISE_SAMPLES = 4000  # pixels that noise is measured on
CLEAN_NOISE_SHARE, SMALL_PX = 0.01, 32  # noise, of full ink; pixels: below both all that is near the ink is ink
MIN_SIGNAL_TO_NOISE = 3.0  # times the noise
FAINT_INK_SHARE, FAINT_FADE = 0.2, 0.05  # of full ink: where it ends in a rough picture, and what fades above that
# of a digit's height, at that noise as a share of full ink; pixels, below which nothing is smoothed
SMOOTHING_SIGMA_SHARE, MAX_NOISE_SHARE, MIN_SIGMA_PX = 0.05, 0.3, 0.3
MIN_FULL_INK, MIN_INK_HEIGHT_PX = 0.05, 4  # of white: less is no ink; pixels: less is none in a rough picture
FINE_STROKE_SHARE = 0.5  # of full ink


@dataclass(frozen=True, eq=False)
class Background:
    """A picture without its ink: ``surface``, a number or (height, width), and whether the ink is darker than it."""

    surface: float | np.ndarray
    dark_ink: bool
    __repr__ = short_repr

    def inverted(self) -> "Background":
        """Return the background of the inverted picture."""
        return Background(1 - self.surface, not self.dark_ink)


def find_background(grey: np.ndarray) -> Background:
    """Return the Background of a picture (height, width): its border's median, or, where that is uneven, a surface.

    An even frame around the paper, as scanners and screens leave it, is not the border.
    """
    border = np.sort(ring_pixels(grey, 0))
    depth = frame_depth(grey, border)
    if not depth:
        return background_without_frame(grey, border)
    background = background_without_frame(grey[depth:-depth, depth:-depth], np.sort(ring_pixels(grey, depth)))
    if isinstance(background.surface, np.ndarray):
        return Background(np.pad(background.surface, depth, mode="edge"), background.dark_ink)
    return background


def background_without_frame(grey: np.ndarray, border: np.ndarray) -> Background:
    """Return the Background of a picture without a frame; ``border``: its pixels there, sorted."""
    level = border[border.size // 2]
    crop = min(grey.shape) < TINY_SIDES_PX[1]  # its border may be half ink
    if crop:
        level = max(level, border[0], border[-1], key=lambda candidate: equal_share(border, candidate))
    same = equal_share(border, level)
    flat = min(grey.shape) < TINY_SIDES_PX[0] or same > (FLAT_BORDER_SHARES[0] if crop else FLAT_BORDER_SHARES[1])
    if flat:
        one_sided = level in (grey.min(), grey.max())
        return Background(float(level), level > grey.min() if one_sided else is_ink_dark(grey - level))
    surface, small = find_surface(level + without_outlines(np.abs(grey - level), grey - level))
    return Background(surface, is_ink_dark(small))


def equal_share(values: np.ndarray, level: float) -> float:
    """Return the share of values that lie within two grey levels of a level."""
    return np.count_nonzero(np.abs(values - level) <= 2 * MIN_CONTRAST) / values.size


def is_ink_dark(difference: np.ndarray) -> bool:
    """Say whether what stands out of a ground, by its ``difference`` from it, is darker than it."""
    above = np.maximum(difference, 0).ravel()
    below = difference.ravel() - above
    return bool(below @ below > above @ above)


def find_surface(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return an uneven ground (height, width), and how the picture's means of blocks differ from it.

    By a median filter, which keeps the edges of shadows and takes strokes away, light or dark; at the rim it sees what
    lies opposite, mirrored, so that a shadow's edge goes on there. Where ink fills most of its window, the ground of
    the border says what can be ground.
    """
    from scipy.ndimage import map_coordinates, median_filter

    step = -(-max(grey.shape) // SURFACE_SIDE_PX)
    rows, columns = (max(length // step, 1) for length in grey.shape)
    starts = [np.arange(count) * length // count for count, length in zip((rows, columns), grey.shape, strict=True)]
    sizes = [np.diff(start, append=length) for start, length in zip(starts, grey.shape, strict=True)]
    sums = np.add.reduceat(np.add.reduceat(grey, starts[0], axis=0), starts[1], axis=1)
    small = sums / np.float32(np.outer(*sizes))
    half = int(MEDIAN_WINDOW_SHARE * max(small.shape)) // 2
    rim = [min(half, length - 1) for length in small.shape]
    padded = np.pad(small, [(width, width) for width in rim], mode="reflect", reflect_type="odd")
    surface = median_filter(padded, 2 * half + 1, mode="nearest")
    surface = surface[rim[0]:rim[0] + len(small), rim[1]:rim[1] + small.shape[1]]
    surface = np.clip(surface, *np.quantile(ring_pixels(surface, 0), (0.05, 0.95)))
    places = np.meshgrid(*((np.arange(length) + 0.5) * count / length - 0.5
                           for count, length in zip(small.shape, grey.shape, strict=True)), indexing="ij")
    return map_coordinates(surface, places, order=1, mode="nearest"), small - surface


def remove_background(light: np.ndarray, background: Background) -> np.ndarray:
    """Return light ink on ``background`` as ink on black: (height, width) float32 in [0, 1], full ink 1, no noise.

    What noise there is (of paper, light, JPEG) is measured beside the ink, and as much of the faint is left out and
    smoothed; nothing is where there is none. Raises InputError where nothing stands out.
    """
    whole = light - np.float32(background.surface)
    if isinstance(background.surface, np.ndarray):
        whole /= np.maximum(1 - background.surface, 0.1)  # a shadow takes as much from the ink as from the paper
    strong = strong_ink(whole)
    while may_hold_outlines(strong[part_with_ink(strong)]):
        without = without_outlines(whole, whole)
        if without is whole:
            break
        whole, strong = without, strong_ink(without)
    part, reach = surroundings(strong)
    noise = noise_deviation(whole, dilate(strong))
    ink = keep_digit_ink(whole[part], dilate(strong[part], reach), noise)
    whole.fill(0)
    np.clip(ink, 0, 1, out=whole[part])
    return whole


def strong_ink(ink: np.ndarray) -> np.ndarray:
    """Return where ink is strong, beside the strongest: (height, width) bool; raises InputError where there is none."""
    peak = ink.max()
    if peak <= MIN_CONTRAST:
        raise InputError(*NO_INK)
    return ink > STRONG_INK_SHARE * peak


def surroundings(strong: np.ndarray) -> tuple[tuple[slice, ...], int]:
    """Return the part with strong ink and some ground around it, as two slices, and how far ink fades, in pixels.

    The whole picture where ink reaches its edge: it may be a frame, which is told by the edge.
    """
    part = part_with_ink(strong)
    longer = max(lines.stop - lines.start for lines in part)
    reach, margin = 1 + int(FADING_SHARE * longer), 2 + int(MARGIN_SHARE * longer)
    if reaches_edge(strong):
        return (slice(None), slice(None)), reach
    return tuple(slice(max(lines.start - margin, 0), lines.stop + margin) for lines in part), reach


def noise_deviation(ink: np.ndarray, near: np.ndarray) -> float:
    """Return the standard deviation of noise from its sizes; shadows' edges and pale lines hardly count.

    ``near``: where ink or its fading is, and not noise alone.
    """
    if min(ink.shape) < TINY_SIDES_PX[0]:
        return 0.0
    step = 1 + ink.size // MAX_NOISE_SAMPLES
    sample = ink.ravel()[::step]
    values = np.abs(sample[~near.ravel()[::step]])
    if values.size < MIN_GROUND_SHARE * sample.size:  # cropped to its ink, or full of noise, which is darker, too
        values = -sample[sample < 0]
        if values.size < MIN_GROUND_SHARE * sample.size:
            return 0.0
    place = int(NORMAL_SHARE * (values.size - 1))
    return float(min(np.partition(values, place)[place], MAX_NOISE_PEAK_SHARE * ink.max()))


def keep_digit_ink(ink: np.ndarray, near: np.ndarray, noise: float) -> np.ndarray:
    """Return the ink of a digit: full ink 1, and 0 wherever it does not belong to a piece that stands out.

    ``noise``: standard deviation. Where there is much, ink is smoothed first, weakly beside the shrinking that follows.
    """
    level = full_ink_value(np.where(ink > MIN_SIGNAL_TO_NOISE * noise, ink, 0) if noise else ink)
    pieces, height = digit_pieces(ink, near, level, noise)
    sigma = height * SMOOTHING_SIGMA_SHARE * min(noise / level / MAX_NOISE_SHARE, 1)
    if sigma >= MIN_SIGMA_PX:
        from scipy.ndimage import gaussian_filter

        smooth = gaussian_filter(ink, sigma)
        if smooth.max() >= FINE_STROKE_SHARE * level:  # strokes finer than the smoothing stand out without it
            ink, noise = smooth, noise / max(3.5 * sigma, 1)
            level = full_ink_value(np.where(ink > MIN_SIGNAL_TO_NOISE * noise, ink, 0))
            pieces, height = digit_pieces(ink, near, level, noise)
    relative = ink / level
    if noise:
        end = min(MIN_SIGNAL_TO_NOISE * noise / level, FAINT_INK_SHARE - FAINT_FADE)
        relative *= np.clip((relative - end) / min(end, FAINT_FADE), 0, 1)
    return relative * pieces


def digit_pieces(ink: np.ndarray, near: np.ndarray, level: float, noise: float) -> tuple[np.ndarray, float]:
    """Return where the pieces of a digit are, and their height in pixels; raises InputError where there is none."""
    share = noise / level
    if share < CLEAN_NOISE_SHARE and max(near.shape) < SMALL_PX:
        return find_digit_ink(ink, near)
    mask = ink > max(FAINT_INK_SHARE * level, MIN_SIGNAL_TO_NOISE * noise)
    pieces, height = find_digit_ink(ink, mask, level, share)
    if level < MIN_FULL_INK or (share >= CLEAN_NOISE_SHARE and height < MIN_INK_HEIGHT_PX):
        raise InputError(*NO_INK)
    return dilate(pieces), height


def full_ink_value(ink: np.ndarray) -> float:
    """Return the value of full ink: nine tenths of what is strong are below it. A bright speck does not count."""
    values = np.maximum(ink, 0).ravel()
    total = float(values.sum())
    if total <= 0:
        raise InputError(*NO_INK)
    strong = values[values > 0.6 * float(values @ values) / total]
    return float(np.partition(strong, strong.size * 9 // 10)[strong.size * 9 // 10])
