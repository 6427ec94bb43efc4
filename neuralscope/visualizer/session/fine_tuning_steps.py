"""The fine-tuning of the network shown, one step at a time; its file stays as it is."""

import copy
from dataclasses import dataclass

import numpy as np

from neuralscope.analysis.ablation import ablate
from neuralscope.analysis.fine_tuning import ChangedAnswers, FineTuningEffect, fine_tuned, overflow_error
from neuralscope.errors import InputError
from neuralscope.visualizer.session.analysis_cache import AnalysisCache

LEARNING_RATES = (*(round(first * 10.0**power, 4) for power in range(-4, 0) for first in (1, 2, 5)), 1.0)
DEFAULT_RATE_INDEX = LEARNING_RATES.index(0.005)  # one step usually turns a misread digit, and costs some others
NO_LABEL_TEXT = "say first what it is: 0–9, or click its bar"
MAX_KEPT_BYTES = 256e6  # bytes of networks kept, for steps to be taken back one by one; all of them can be at once


@dataclass(frozen=True, eq=False)
class FineTuningStep:
    """A step that was taken: ``digit``, of which number (None: the person's own), as class ``label``, at ``rate``."""

    network: object
    digit: int | None
    label: int
    rate: float


class FineTuning:
    """The steps taken from the network that a session showed before the first of them.

    ``rate_index``: which of LEARNING_RATES is the learning rate. Where another network was put in meanwhile, the steps
    are set aside, and the next one begins with that network.
    """

    def __init__(self, session):
        """Begin with no steps."""
        self.session, self.rate_index, self._label = session, DEFAULT_RATE_INDEX, (None, None)
        self._base_state, self._steps, self._count, self._effect = None, [], 0, (None, None)

    @property
    def label(self):
        """The class given for the digit shown, as long as it looks the same; None: nobody gave one."""
        digit_key, label = self._label
        return label if digit_key == self.session.digit_key else None

    @label.setter
    def label(self, label):
        self._label = self.session.digit_key, label

    @property
    def rate(self):
        """The learning rate."""
        return LEARNING_RATES[self.rate_index]

    @property
    def target(self):
        """The class that the digit shown is taught as; None: nobody has said what it is."""
        return None if self.session.truth is None and self.label is None else self.session.target

    @property
    def steps(self):
        """The steps taken, those of them that can be taken back one by one."""
        is_shown = self._steps and self.session.base_network is self._steps[-1].network
        return self._steps if is_shown else []

    @property
    def count(self):
        """How many steps were taken."""
        return self._count if self.steps else 0

    @property
    def set_aside_count(self):
        """How many steps were taken from another network than the one shown, one of the same shape."""
        other = self._steps and not self.steps and self._steps[-1].network.sizes == self.session.base_network.sizes
        return self._count if other else 0

    @property
    def before(self):
        """The network before all steps, what the headlines call it, and its analysis."""
        session = self.session
        return self._base_state if self.steps else (session.base_network, session.network_label, session.analysis)

    def outputs_before(self):
        """Return what the network answered for the digit shown before all steps, (classes,)."""
        return ablate(self.before[0], self.session.ablated).forward(self.session.image).outputs[0]

    def effect(self):
        """Return the FineTuningEffect of all steps on the test digits, the same neurons ablated before and after.

        Where they have no labels, ChangedAnswers.
        """
        session = self.session
        if self._effect[0] is not session.answers:
            before = self.before[2].test_set.evaluate_ablated(session.ablated) if self.count else session.answers
            kind = FineTuningEffect if session.has_labels else ChangedAnswers
            self._effect = session.answers, kind(before, session.answers)
        return self._effect[1]

    def learn(self):
        """Take a step on the digit shown; raises InputError where it leads nowhere, and nothing has changed then."""
        session, before = self.session, self.before
        if self.target is None:
            raise InputError(NO_LABEL_TEXT)
        if session.non_finite_texts:
            raise InputError(f"{session.non_finite_texts[0]}, so that no step leads to numbers", "silence it first (x)")
        network = fine_tuned(session.base_network, session.image, self.target, self.rate, session.ablated)
        analysis = AnalysisCache(network, session.digits, before[2])
        with np.errstate(over="ignore", invalid="ignore"):
            sums = network.forward(session.image).sums[-1]
        answers = analysis.test_set.answers
        figures = answers.losses if session.has_labels else answers.outputs
        if not (np.isfinite(sums).all() and np.isfinite(figures).all()):
            raise overflow_error()
        step = FineTuningStep(network, session.index, self.target, self.rate)
        steps, self._count = [*self.steps, step], self.count + 1
        bytes_each = sum(array.nbytes for array in network.parameters.values())
        self._base_state, self._steps = before, steps[-max(2, int(MAX_KEPT_BYTES // bytes_each)):]
        session.show_network(network, self._network_label(), analysis)

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
            self.session.show_network(*before)
        return count

    def restore_set_aside(self):
        """Look at the network after the steps put aside again; return how many these are."""
        count = self.set_aside_count
        if count:
            self._show_last()
        return count

    def fork(self, session):
        """Return the steps of another session that looks at the same, which go their own way from here."""
        fork = copy.copy(self)
        fork.session = session
        return fork

    def _show_last(self):
        """Look at the network after the last step."""
        network = self._steps[-1].network
        analysis = AnalysisCache(network, self.session.digits, self._base_state[2])
        self.session.show_network(network, self._network_label(), analysis)

    def _network_label(self):
        """Return what the headlines call the network."""
        taught_so_far = f"taught {self._count:,} step{'s' * (self._count > 1)}"
        return ", ".join(filter(None, (self._base_state[1], taught_so_far)))
