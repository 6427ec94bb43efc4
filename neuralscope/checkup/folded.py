"""How a network from elsewhere learned: what of it is folded into the first layer, so that it takes ink as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neuralscope.network.importers.text import KEYWORDS, OPTIONS
from neuralscope.network.inputs import INPUT_SCALES, PLAIN_SCALE, InputScale, standardization


@dataclass(frozen=True)
class Folded:
    """What is folded in: the scale by its ``name``, with its ``mean`` and ``deviation`` where it is one of all inputs.

    ``transposed``: whether it learned transposed pictures. ``undecided``: fields of an importer's Reading that may be
    meant otherwise.
    """

    name: str = PLAIN_SCALE
    mean: float | None = None
    deviation: float | None = None
    transposed: bool = False
    undecided: tuple[str, ...] = ()

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> "Folded":
        """Return what a SavedNetwork's metadata says of it; nothing is folded into a network of ours."""
        inputs, origin = metadata.get("inputs", {}), metadata.get("origin", {})
        return cls(inputs.get("scale", PLAIN_SCALE), inputs.get("mean"), inputs.get("deviation"),
                   bool(inputs.get("transposed")), tuple(origin.get("undecided", ())))

    @property
    def fed(self) -> InputScale:
        """The scale in which the network takes ink: as it is, under the name of the one that is folded in."""
        return InputScale(self.name, np.array(1.0), np.array(0.0))

    def scale(self, images: np.ndarray) -> InputScale | None:
        """Return the scale that is folded in, by training images (n, inputs); None where it is the file's alone."""
        if self.mean is not None and self.deviation is not None:
            return standardization(np.array(self.mean), np.array(self.deviation), self.name)
        return INPUT_SCALES[self.name](images) if self.name in INPUT_SCALES else None

    def instead(self, scale: InputScale, images: np.ndarray) -> InputScale:
        """Return in what the network must be fed to be one that learned another scale."""
        own = self.scale(images)
        if own is None:
            return scale
        return InputScale(scale.name, scale.factor / own.factor, (scale.shift - own.shift) / own.factor)

    def remedy(self, name: str) -> str:
        """Return how to say what is open, by the name of a Reading's field."""
        return f"say it with {OPTIONS[name]} ({KEYWORDS[name]} in Python)" if name in OPTIONS else ""


NOTHING_FOLDED = Folded()
