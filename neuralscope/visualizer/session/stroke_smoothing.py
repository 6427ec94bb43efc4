"""The way of a pen through the points where a hand was seen: a smooth curve, however few they are.

Points are complex numbers, in pixels.
"""

import math

# pixels at least between the points that a curve goes through: what is closer is the mouse's grid
MIN_SPACING_PIXELS = 2.0
CURVE_TOLERANCE_PIXELS = 0.1  # pixels between a curve and the straight pieces it is drawn with


class StrokeSmoother:
    """The way of one stroke through the points where the hand was seen.

    The curve through them is Catmull and Rom's, centripetal (Yuksel et al. 2011): each piece between two points depends
    on the points next to them. So all but the last pieces are settled; those are drawn again when a point comes.
    """

    def __init__(self, start, slack):
        """Begin at ``start``; the pen stays ``slack`` pixels at most behind the hand."""
        self.hand = self.pen = start
        self.slack = slack
        self.knots = [None, start]  # the last four points that the curve goes through; None lies before the first

    def follow(self, hand):
        """Go on to ``hand``; return the points of what is settled by that, or []."""
        lag, step = self.hand - self.pen, hand - self.hand
        if self.slack and step:  # the pen's speed is its lag / slack: steadies the same however often the hand is seen
            drawn_out = step / abs(step) * self.slack
            lag = drawn_out + (lag - drawn_out) * math.exp(-abs(step) / self.slack)
        self.hand, self.pen = hand, hand - lag
        if abs(self.pen - self.knots[-1]) < MIN_SPACING_PIXELS:
            return []
        self.knots = [*self.knots[-3:], self.pen]
        return [self.knots[1], *catmull_rom(*self.knots)] if len(self.knots) == 4 else []

    def tail(self):
        """Return the points from what is settled to the hand."""
        path = [*self.knots[-3:], *([self.hand] if self.hand != self.knots[-1] else []), None]
        points = [path[1]]
        for index in range(len(path) - 3):
            points += catmull_rom(*path[index:index + 4])
        return points


def catmull_rom(before, start, end, after):
    """Return points on the centripetal Catmull-Rom curve from ``start``, which is left out, to ``end``.

    ``before`` and ``after`` are its neighbours, or None at an end of the way, where the piece is a parabola.
    """
    chord, root = end - start, math.sqrt(abs(end - start))
    leaving = before is not None and parabola_speed(before, start, end) * root
    arriving = after is not None and parabola_speed(start, end, after) * root
    if before is None:
        leaving = chord if after is None else 2 * chord - arriving
    if after is None:
        arriving = 2 * chord - leaving
    bends = abs(chord - (2 * leaving + arriving) / 3), abs(chord - (leaving + 2 * arriving) / 3)
    # Bezier: bends are its second differences
    count = max(1, math.ceil(math.sqrt(0.75 * max(bends) / CURVE_TOLERANCE_PIXELS)))
    points = []
    for t in (step / count for step in range(1, count + 1)):
        hermite = leaving * t * (1 - t) ** 2 - arriving * t**2 * (1 - t) + chord * t**2 * (3 - 2 * t)
        points.append(start + hermite)
    return points


def parabola_speed(before, at, after):
    """Return the speed at ``at`` of the parabola through three points, the square roots of their distances as time."""
    come, go = math.sqrt(abs(at - before)), math.sqrt(abs(after - at))
    return (at - before) / come - (after - before) / (come + go) + (after - at) / go
