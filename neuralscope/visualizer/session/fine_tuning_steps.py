"""What the network shown was taught in the window, one step at a time; its file stays as it is."""

import copy
from dataclasses import dataclass

import numpy as np

from neuralscope.analysis.ablation import silence
from neuralscope.analysis.fine_tuning import TOO_LARGE, Effect, taught
from neuralscope.errors import InputError
from neuralscope.visualizer.session.analysis_cache import Study

RATES = (*(round(first * 10.0**power, 4) for power in range(-4, 0) for first in (1, 2, 5)), 1.0)
USUAL = RATES.index(0.005)  # one step usually turns a misread digit, and costs some others
NO_LABEL = "say first what it is: 0–9, or click its bar"
KEPT = 256e6  # bytes of networks kept, for steps to be taken back one by one; all of them can be at once


@dataclass(frozen=True, eq=False)
class Step:
    """A step that was taken: ``digit``, of which number (None: the person's own), as class ``label``, at ``rate``."""

    network: object
    digit: int | None
    label: int
    rate: float


class Lessons:
    """The steps taken from the network that a session showed before the first of them.

    ``place``: which of RATES is the learning rate; ``label``: the class given for the digit shown; None: its truth.
    Where another network was put in meanwhile, the steps are put `aside`, and the next one begins with that network.
    """

    def __init__(self, session):
        """Begin with nothing taught."""
        self.session, self.place, self.label = session, USUAL, None
        self._before, self._steps, self._count, self._effect = None, [], 0, (None, None)

    @property
    def rate(self):
        """The learning rate."""
        return RATES[self.place]

    @property
    def target(self):
        """The class that the digit shown is taught as; None: of the person's own nobody has said what it is."""
        return None if self.session.own and self.label is None else self.session.target

    @property
    def steps(self):
        """The steps taken, those of them that can be taken back one by one."""
        there = self._steps and self.session.whole is self._steps[-1].network
        return self._steps if there else []

    @property
    def count(self):
        """How many steps were taken."""
        return self._count if self.steps else 0

    @property
    def aside(self):
        """How many steps were taken from another network than the one shown, one of the same shape."""
        other = self._steps and not self.steps and self._steps[-1].network.sizes == self.session.whole.sizes
        return self._count if other else 0

    @property
    def before(self):
        """The network before all steps, what the headlines call it, and its study."""
        session = self.session
        return self._before if self.steps else (session.whole, session.stage, session.study)

    def outputs_before(self):
        """Return what the network answered for the digit shown before all steps, (classes,)."""
        return silence(self.before[0], self.session.silenced).forward(self.session.image).outputs[0]

    def effect(self):
        """Return the Effect of all steps on the test digits; silenced neurons are silenced before as after."""
        session = self.session
        if self._effect[0] is not session.evaluation:
            before = self.before[2].survey.evaluate_silenced(session.silenced) if self.count else session.evaluation
            self._effect = session.evaluation, Effect(before, session.evaluation)
        return self._effect[1]

    def learn(self):
        """Take a step on the digit shown; raises InputError where it leads nowhere, and nothing has changed then."""
        session, before = self.session, self.before
        if self.target is None:
            raise InputError(NO_LABEL)
        network = taught(session.whole, session.image, self.target, self.rate, session.silenced)
        study = Study(network, session.digits, before[2])
        with np.errstate(over="ignore", invalid="ignore"):
            sums = network.forward(session.image).sums[-1]
        if not (np.isfinite(sums).all() and np.isfinite(study.survey.evaluation.losses).all()):
            raise InputError(TOO_LARGE)
        steps, self._count = [*self.steps, Step(network, session.index, self.target, self.rate)], self.count + 1
        bytes_each = sum(array.nbytes for array in network.parameters.values())
        self._before, self._steps = before, steps[-max(2, int(KEPT // bytes_each)):]
        session.take(network, self._stage(), study)

    def undo(self):
        """Take the last step back and return it; None: there is none whose network before is known."""
        steps, count = self.steps, self.count
        if count == 1:
            self.undo_all()
        elif len(steps) > 1:
            self._steps, self._count = steps[:-1], count - 1
            self._show_last()
        return steps[-1] if count == 1 or len(steps) > 1 else None

    def undo_all(self):
        """Take all steps back; return how many."""
        count, before = self.count, self.before
        self._steps, self._count = [], 0
        if count:
            self.session.take(*before)
        return count

    def bring_back(self):
        """Look at the network after the steps put aside again; return how many these are."""
        count = self.aside
        if count:
            self._show_last()
        return count

    def twin(self, session):
        """Return the lessons of another session that looks at the same, which go their own way from here."""
        twin = copy.copy(self)
        twin.session = session
        return twin

    def _show_last(self):
        """Look at the network after the last step."""
        network = self._steps[-1].network
        self.session.take(network, self._stage(), Study(network, self.session.digits, self._before[2]))

    def _stage(self):
        """Return what the headlines call the network."""
        taught_so_far = f"taught {self._count:,} step{'s' * (self._count > 1)}"
        return ", ".join(filter(None, (self._before[1], taught_so_far)))
