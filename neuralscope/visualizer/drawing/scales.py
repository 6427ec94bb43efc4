"""Axes of what a training measures: where they end, where their lines stand, and how high a value is.

Epochs have the ticks of Matplotlib's MaxNLocator. A log axis has ticks of our own, every second or third round value
where they would be too many. From 0.01 to 5 these are 0.01, 0.05, 0.2, 1 and 5, where LogLocator with 1, 2 and 5 in
each decade and at most 7 ticks returns all nine; of shares from 0.5 to 0.99 they are 0.5, 0.8, 0.9, 0.95, 0.98 and
0.99, where LogitLocator returns 0.5, 0.6, 0.7, 0.8, 0.9 and 1.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

MAX_TICKS = 7  # lines
ROUND_VALUES = [step * 10.0**power for power in range(-9, 12) for step in (1, 2, 5)]
TICK_SHARES = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999)
MIN_ERROR_SHARE = 1e-4  # share: the end of a log axis of what is wrong


@dataclass(frozen=True, eq=False)
class ValueScale:
    """From ``low`` to ``high``, with lines at ``ticks``; ``scale`` makes values into what grows evenly."""

    low: float
    high: float
    ticks: tuple
    scale: object

    def heights(self, values):
        """Return how high values stand, 0 to 1; those beyond an end stand at it."""
        low, high = self.scale(np.float64(self.low)), self.scale(np.float64(self.high))
        return np.clip((self.scale(np.asarray(values, float)) - low) / (high - low), 0, 1)


def linear(values):
    """Return the values: each step is as long."""
    return values


def log_loss(values):
    """Return the logarithms: each ratio is as long."""
    return np.log10(np.maximum(values, ROUND_VALUES[0]))


def log_error_share(values):
    """Return minus the logarithms of what is wrong: halving the errors is as long wherever it happens."""
    return -np.log10(np.maximum(1 - values, MIN_ERROR_SHARE))


def loss_scale(values, log):
    """Return the `ValueScale` of losses, of which not all need be finite."""
    values = values[np.isfinite(values) & (values > 0)]
    low, high = (values.min(), values.max()) if len(values) else (0.1, 1.0)
    high = next((tick for tick in ROUND_VALUES if tick >= high), high)
    if not log:
        return ValueScale(0.0, high, tuple(np.linspace(0, high, 6)), linear)
    low = max((tick for tick in ROUND_VALUES if tick <= min(low, high / 10)), default=ROUND_VALUES[0])
    return ValueScale(low, high, thin_ticks([tick for tick in ROUND_VALUES if low <= tick <= high]), log_loss)


def accuracy_scale(values, log):
    """Return the `ValueScale` of shares that are right, 0 to 1."""
    values = values[np.isfinite(values)]
    low, high = (values.min(), values.max()) if len(values) else (0.9, 0.95)
    if not log:
        low = min(np.floor(10 * low) / 10, 0.9)
        return ValueScale(low, 1.0, tuple(np.linspace(low, 1, 6)), linear)
    low = max(share for share in TICK_SHARES[:-1] if share <= low or share == 0)
    high = next((share for share in TICK_SHARES if share >= high and share >= 0.95 and share > low), TICK_SHARES[-1])
    return ValueScale(low, high, thin_ticks([share for share in TICK_SHARES if low <= share <= high]), log_error_share)


def epoch_axis_end(done, all_epochs):
    """Return where the axis of epochs ends, a round number, once so many are done, if these are not all."""
    return min(all_epochs, next(int(step) for step in ROUND_VALUES if step >= max(done, 1)))


def epoch_ticks(end):
    """Return at most six whole epochs from 0 to ``end``, a round number apart."""
    ticks = MaxNLocator(nbins=5, steps=(1, 2, 5, 10), integer=True).tick_values(0, end)
    return [int(tick) for tick in ticks if tick <= end]


def thin_ticks(ticks):
    """Return at most MAX_TICKS of the ticks, the first among them."""
    return tuple(ticks[::-(-len(ticks) // MAX_TICKS)])
