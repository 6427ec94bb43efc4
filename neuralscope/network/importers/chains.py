"""In which orders, and which way round, matrices follow each other as the layers of a network."""

from collections.abc import Sequence
from typing import NamedTuple

from neuralscope.errors import InputError

MAX_STEPS = 20_000  # of the search; ten matrices of different shapes take a few hundred


class Link(NamedTuple):
    """A matrix in a chain: its place among those given, and whether it is (outputs, inputs)."""

    place: int
    transposed: bool


class Chain(NamedTuple):
    """Matrices in the order of their layers: ``widths`` are inputs, neurons of each hidden layer and outputs.

    ``rank``: 0 for matrices as they are given and all the same way round, higher for what is less likely.
    """

    links: tuple[Link, ...]
    widths: tuple[int, ...]
    rank: int


def find_chains(shapes: Sequence[tuple[int, int]], extra: int, layout: str = "",
                last: int | None = None) -> list[Chain]:
    """Return the Chains that use every matrix, those given in order first; raises InputError where there are too many.

    ``extra``: 1 where each has its biases as one more input, else 0. ``layout``: "in-out", "out-in", or "" for both.
    ``last``: the place of the matrix that must come last.
    """
    found: dict[tuple[Link, ...], Chain] = {}
    ways = [(way,) for name, way in (("in-out", False), ("out-in", True)) if layout in ("", name)]
    search = Search(shapes, extra, last)
    for rank, (in_order, sides) in enumerate((order, side) for side in (ways, [(False, True)] if not layout else [])
                                             for order in (True, False)):
        for allowed in sides:
            for links, widths in search.run(in_order, allowed):
                plain = tuple(link if len({*shapes[link.place]}) > 1 else Link(link.place, False) for link in links)
                found.setdefault(plain, Chain(links, widths, rank))
    return list(found.values())


class Search:
    """A search for chains, bounded in its steps."""

    def __init__(self, shapes: Sequence[tuple[int, int]], extra: int, last: int | None) -> None:
        self.shapes, self.extra, self.last, self.steps = shapes, extra, last, 0

    def run(self, in_order: bool, ways: Sequence[bool]) -> list[tuple[tuple[Link, ...], tuple[int, ...]]]:
        """Return links and widths of every chain, in this order alone or in any, with these ways round."""
        self.in_order, self.ways = in_order, ways
        self.found: list[tuple[tuple[Link, ...], tuple[int, ...]]] = []
        self.extend((), (), tuple(range(len(self.shapes))))
        return self.found

    def extend(self, links: tuple[Link, ...], widths: tuple[int, ...], remaining: tuple[int, ...]) -> None:
        """Find all chains that begin so."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise InputError("has too many matrices of shapes that go together in any order", "name them in order")
        if not remaining:
            self.found.append((links, widths))
        tried = set()
        for place in remaining[:1] if self.in_order else remaining:
            shape = self.shapes[place]
            if shape in tried or (place == self.last and len(remaining) > 1):
                continue  # of equal shapes the order is the one given
            tried.add(shape)
            for transposed in self.ways if len({*shape}) > 1 else self.ways[:1]:
                outputs, inputs = shape if transposed else shape[::-1]
                inputs -= self.extra
                if inputs > 0 and (not widths or inputs == widths[-1]):
                    rest = tuple(other for other in remaining if other != place)
                    self.extend((*links, Link(place, transposed)), (*widths, outputs) if widths else (inputs, outputs),
                                rest)
