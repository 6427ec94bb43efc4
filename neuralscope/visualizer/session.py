"""What the window is looking at: the one object that changes."""

from functools import cached_property

import numpy as np

from neuralscope.network.evaluation import evaluate


class Session:
    """A network, the digits it reads, the digit shown and the ones seen before.

    ``model`` is what `storage.load` returned, ``dataset`` what `data_loader.load` returned; ``rng`` picks the digits
    and is the only source of chance.
    """

    def __init__(self, model, dataset, rng, index=None):
        """Start at test digit ``index``, or at a random one."""
        self.model, self.dataset, self.rng = model, dataset, rng
        self.digits = dataset.test
        self.seen = [int(rng.integers(len(self.digits))) if index is None else index]
        self.place = 0  # in ``seen``
        self._trace = (None, None)

    @property
    def network(self):
        """The network that answers."""
        return self.model.network

    @property
    def index(self):
        """The number of the test digit shown, from 0."""
        return self.seen[self.place]

    @property
    def truth(self):
        """The class the digit shown belongs to."""
        return int(self.digits.labels[self.index])

    @property
    def trace(self):
        """What the network did with the digit shown: a `Trace` of one digit."""
        if self._trace[0] != self.index:
            self._trace = (self.index, self.network.forward(self.digits.images[self.index:self.index + 1]))
        return self._trace[1]

    @cached_property
    def evaluation(self):
        """What the network answers to all test digits; counted when it is first asked for, and once."""
        return evaluate(self.network, self.digits.images, self.digits.labels)

    @property
    def evaluated(self):
        """Whether `evaluation` is there without a wait."""
        return "evaluation" in self.__dict__

    def go_to(self, index):
        """Show test digit ``index`` and remember it as the last one seen."""
        if index != self.index:
            self.seen.append(index)
        self.place = len(self.seen) - 1

    def next_digit(self):
        """Go to a random digit other than the one shown."""
        others = len(self.digits) - 1
        if others:
            self.go_to((self.index + 1 + int(self.rng.integers(others))) % len(self.digits))

    def forward(self):
        """Go forward through the digits seen; from the last one to a random digit."""
        if self.place + 1 < len(self.seen):
            self.place += 1
        else:
            self.next_digit()

    def back(self):
        """Go back to the digit seen before; say whether there was one."""
        moved = self.place > 0
        self.place -= self.place > 0
        return moved

    def next_misread(self):
        """Go to the next test digit that is read wrongly, after the last one at the first; False if there is none."""
        wrong = np.flatnonzero(self.evaluation.predictions != self.digits.labels)
        if not len(wrong):
            return False
        self.go_to(int(wrong[np.searchsorted(wrong, self.index, side="right") % len(wrong)]))
        return True
