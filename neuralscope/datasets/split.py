"""Which rows of a table are the test part, where no other file is it: a sixth, of each class as large a share."""

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from neuralscope.errors import InputError

TEST_SHARE = 1 / 6
ROUNDING = 1e-6  # a sixth of six rows is one
STRATIFIED, LAST_ROWS, TEST_FILE, ALL_ROWS = "stratified", "last rows", "test file", "all rows"
KINDS = STRATIFIED, LAST_ROWS, TEST_FILE, ALL_ROWS


@dataclass(frozen=True)
class Split:
    """How the test part of a table was found: its ``kind``, of KINDS, and by what.

    ``seed`` and ``test_share`` of a share of the rows; ``file``: the name of another file, or of the file itself, which
    may hold both parts. ``LAST_ROWS`` is what versions before this knew.
    """

    kind: str = STRATIFIED
    seed: int = 0
    test_share: float = TEST_SHARE
    file: str = ""

    def as_metadata(self) -> dict[str, Any]:
        """Return what a weights file says of it, in JSON's types."""
        fields = {STRATIFIED: ("seed", "test_share"), LAST_ROWS: ("test_share",), TEST_FILE: ("file",), ALL_ROWS: ()}
        return {"kind": self.kind} | {name: getattr(self, name) for name in fields[self.kind]}

    @classmethod
    def from_metadata(cls, value: Any) -> "Split | None":
        """Return the Split that a weights file gives, or None where there is none or not one of this program's."""
        known = {"kind": str, "seed": int, "test_share": float, "file": str}
        if not isinstance(value, dict) or any(type(value[name]) is not known.get(name) for name in value):
            return None
        made = cls(**value)
        return made if made.kind in KINDS and made.seed >= 0 and 0 < made.test_share < 1 else None

    def test_rows(self, labels: np.ndarray) -> np.ndarray:
        """Return which rows (n,) bool are the test part by their labels (n,); raises InputError where none can be."""
        if self.kind == ALL_ROWS:
            return np.ones(len(labels), bool)
        if self.kind == LAST_ROWS:
            return np.arange(len(labels)) >= len(labels) - max(1, int(len(labels) * self.test_share + ROUNDING))
        return stratified_rows(labels, self.test_share, np.random.default_rng(self.seed))


def check_seed(seed: Any) -> None:
    """Raise InputError for what is no seed."""
    if not (isinstance(seed, Integral) and int(seed) >= 0):
        raise InputError(f"seed is {seed!r}", "choose a whole number of at least 0")


def stratified_rows(labels: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return which rows (n,) bool to keep for the test, at random: of each class its share, and never its only row.

    The share is one of the rows that are not their class's only one. What whole numbers leave over goes to the classes
    that miss most. Raises InputError where every class has one row.
    """
    kinds, places = np.unique(labels, return_inverse=True)
    counts = np.bincount(places)
    quotas, most = np.floor(counts * share).astype(int), counts - 1
    total = max(1, round(counts[most > 0].sum() * share))
    while quotas.sum() < total and (quotas < most).any():
        quotas[np.where(quotas < most, quotas - counts * share, np.inf).argmin()] += 1
    if not quotas.any():
        raise InputError(f"there is one row of each of {len(kinds)} labels, so none is kept to learn", "add rows")
    order = rng.random(len(labels))  # of PCG64 itself: another version of NumPy gives the same
    chosen = np.zeros(len(labels), bool)
    for kind, quota in enumerate(quotas):
        rows = np.flatnonzero(places == kind)
        chosen[rows[np.argsort(order[rows], kind="stable")[:quota]]] = True
    return chosen
