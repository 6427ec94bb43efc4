"""Colours, colormaps and type sizes, dark and light; NumPy only."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

UNITS_PER_INCH = 100  # to the inch: the unit of all positions, a pixel of a window at 100 dpi
# Type sizes in points for a window of 1400 x 800; nothing on the screen is smaller than KEY_END_PT.
HEADLINE_PT, SUBHEADLINE_PT, ROW_PT, LABEL_PT = 26, 14, 13, 12
NAME_PT, READOUT_PT, CAPTION_PT, KEY_END_PT = 10.5, 10, 9.5, 8.5


@dataclass(frozen=True)
class Theme:
    """The colours of one theme by role, as ``#rrggbb``, and its colormaps as ``(n, 4)`` uint8 RGBA tables."""

    background: str
    panel: str
    zero: str
    hairline: str
    faint: str
    text: str
    muted: str
    accent: str
    positive: str
    negative: str
    right: str
    wrong: str
    answer: str
    others: str
    ink_end: str
    activation_stops: tuple  # (position, OKLCH lightness, chroma, hue in degrees), from zero upwards
    signed_stops: tuple  # four colours around zero, from most negative to most positive

    @cached_property
    def ink(self):
        """256 colours for pixels, 0 to 1."""
        return colormap((0, 1), (oklab(self.zero), oklab(self.ink_end)), 256)

    @cached_property
    def activations(self):
        """256 colours for activations, from zero up."""
        positions = (0, *(stop[0] for stop in self.activation_stops))
        stops = (oklab(self.zero), *(from_oklch(*stop[1:]) for stop in self.activation_stops))
        return colormap(positions, stops, 256)

    @cached_property
    def signed(self):
        """511 colours for signed quantities, zero exactly in the middle."""
        low, lower, upper, high = map(oklab, self.signed_stops)
        return colormap((-1, -0.5, 0, 0.5, 1), (low, lower, oklab(self.zero), upper, high), 511)


def colormap(positions, stops, count):
    """Return ``(count, 4)`` uint8 RGBA along straight lines in OKLab between ``stops`` (L, a, b) at ``positions``."""
    at = np.linspace(positions[0], positions[-1], count)
    lab = np.stack([np.interp(at, positions, channel) for channel in np.transpose(stops)], axis=1)
    return np.concatenate([from_oklab(lab), np.full((count, 1), 255, np.uint8)], axis=1)


def color_values(table, values, top, signed=False):
    """Colour ``values`` with a map whose upper end stands for ``top``: ``(..., 4)`` uint8.

    Zero has the first colour, with ``signed`` the middle one, and the first is for minus ``top``. A value outside gets
    the colour of that end; with a ``top`` of zero every value gets zero's.
    """
    last = len(table) - 1
    zero = last // 2 if signed else 0
    values = np.asarray(values, np.float64)
    with np.errstate(over="ignore"):  # a top may be all but zero
        scaled = values / top * (last - zero) if top > 0 else np.zeros_like(values)
    return table[np.clip(np.rint(np.nan_to_num(scaled)) + zero, 0, last).astype(np.intp)]


def largest_size(values, quantile=1.0):
    """Return the largest size of the finite ``values``, 0 without one; ``quantile``: what such a share do not exceed.
    """
    sizes = np.abs(values)
    sizes = sizes[np.isfinite(sizes)]
    return float(np.quantile(sizes, quantile) if quantile < 1 else sizes.max()) if sizes.size else 0.0


def rgb(color):
    """Return ``#rrggbb`` as three whole numbers 0 to 255."""
    return tuple(int(color[start:start + 2], 16) for start in (1, 3, 5))


# OKLab: Bjorn Ottosson 2020, "A perceptual color space for image processing".
_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                    [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                    [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])


def oklab(color):
    """Return the OKLab coordinates ``(3,)`` float64 of ``#rrggbb``."""
    return _TO_LAB @ np.cbrt(_TO_LMS @ linear_light(rgb(color)))


def linear_light(color):
    """Return the light of red, green and blue of 255 as shares ``(3,)`` float64: sRGB without its gamma."""
    srgb = np.array(color) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def black_or_white(color):
    """Return which of the two contrasts more with a colour, red, green and blue of 255 (WCAG 2.2: at least 4.58)."""
    luminance = linear_light(color[:3]) @ (0.2126, 0.7152, 0.0722)
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"


def from_oklch(lightness, chroma, hue):
    """Return the OKLab coordinates of an OKLCH colour, ``hue`` in degrees."""
    return np.array([lightness, chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))])


def from_oklab(lab):
    """Return ``(n, 3)`` uint8 sRGB of ``(n, 3)`` OKLab coordinates, cut to what a screen can show."""
    lms = (lab @ np.linalg.inv(_TO_LAB).T) ** 3
    linear = np.clip(lms @ np.linalg.inv(_TO_LMS).T, 0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(srgb * 255).astype(np.uint8)


THEMES = {
    "dark": Theme(
        background="#14161b", panel="#1d2027", zero="#22262e", hairline="#3a3f4a", faint="#636a77",
        text="#ebe8e1", muted="#a4a9b3", accent="#f2c84b", positive="#6fb3ff", negative="#ff8464",
        right="#8be3bd", wrong="#e673b6", answer="#d5d1c8", others="#6b717d", ink_end="#f5f3ed",
        activation_stops=((0.22, 0.375, 0.10, 302), (0.5, 0.56, 0.145, 345), (0.75, 0.745, 0.13, 50),
                          (1, 0.955, 0.085, 98)),
        signed_stops=("#ff9d6d", "#aa4529", "#4d7094", "#79c4ff"),
    ),
    "light": Theme(
        background="#fbf9f4", panel="#f0ede5", zero="#f0ede6", hairline="#d3cec2", faint="#908b80",
        text="#23262b", muted="#5b6068", accent="#8a5a00", positive="#1d63b3", negative="#bf3f17",
        right="#0f7a52", wrong="#8a1457", answer="#3b3f46", others="#8d887c", ink_end="#181b1f",
        activation_stops=((0.2, 0.86, 0.06, 70), (0.5, 0.66, 0.15, 20), (0.75, 0.47, 0.15, 330), (1, 0.26, 0.10, 300)),
        signed_stops=("#8c1e01", "#c48877", "#7d9cc3", "#004b99"),
    ),
}
