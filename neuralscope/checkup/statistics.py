"""What may be said of shares that were counted: intervals, and whether two networks' differ."""

import numpy as np

from neuralscope.formatting import percent_interval, share
from neuralscope.network.evaluation import wilson_interval

P_LIMIT = 0.01  # above it two shares are not told apart
CLEAR_SHARE = 0.25  # of the way from the most frequent class to all right: below it nothing is read


def mcnemar(right: np.ndarray, other: np.ndarray) -> float:
    """Return the probability that two readers of the same images differ so much by chance (McNemar's exact test).

    ``right``, ``other``: (count,) bool, whether each image is read rightly by the one and the other.
    """
    from scipy.special import bdtr

    one, two = int(np.count_nonzero(right & ~other)), int(np.count_nonzero(other & ~right))
    return min(1.0, 2 * float(bdtr(min(one, two), one + two, 0.5))) if one + two else 1.0


def is_better(right: np.ndarray, other: np.ndarray) -> bool:
    """Say whether the first of two readers of the same images reads more of them, and not by chance."""
    return int(right.sum()) > int(other.sum()) and mcnemar(right, other) < P_LIMIT


def is_clear(right: np.ndarray, labels: np.ndarray) -> bool:
    """Say whether images are read clearly better than by answering the most frequent class alone."""
    chance = float(np.bincount(labels).max()) / len(labels)
    return wilson_interval(int(right.sum()), len(right))[0] > chance + CLEAR_SHARE * (1 - chance)


def right_share(right: np.ndarray) -> str:
    """Write how many of these are right, in per cent."""
    return share(int(right.sum()), len(right))


def interval_text(right: np.ndarray) -> str:
    """Write the 95 % interval of a share that is right, as "88.6 to 89.8"."""
    return " to ".join(percent_interval(*wilson_interval(int(right.sum()), len(right))))


def gap_interval(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of how much larger the first share of right ones is than the second: (low, high).

    Newcombe 1998, method 10: from the Wilson intervals of the two.
    """
    (low, high), (other_low, other_high) = (wilson_interval(int(each.sum()), len(each)) for each in (first, second))
    one, two = first.mean(), second.mean()
    gap = one - two
    return (float(gap - ((one - low) ** 2 + (other_high - two) ** 2) ** 0.5),
            float(gap + ((high - one) ** 2 + (two - other_low) ** 2) ** 0.5))
