"""The check-up of the network that the window looks at, done in small steps between events."""

import threading
from contextlib import suppress
from functools import cached_property

from neuralscope.checkup.checks import ALIVE, CHECKS, check_steps
from neuralscope.checkup.folded import Folded
from neuralscope.checkup.network_check import data_of_dataset, study_facts
from neuralscope.checkup.report import Report
from neuralscope.checkup.subject import make_study
from neuralscope.errors import InputError
from neuralscope.visualizer.session.keyed import keyed

WAIT_S = 0.005  # seconds between looks whether the thread is done


class CheckUp:
    """One run through all checks of a Study; ``results``: CheckResults, as far as it is."""

    def __init__(self, study, subject):
        """Begin with nothing found."""
        self.study, self.subject, self.results, self.facts, self.done = study, subject, [], (), False
        self._steps = self._all_steps()

    def _all_steps(self):
        yield from self._read_ahead()
        for result in check_steps(self.study):
            if result:
                self.results.append(result)
            yield
        self.facts = yield from study_facts(self.study)
        self.done = True

    def _read_ahead(self):
        """Let a thread do what comes in no small steps, which would hold the window: import SciPy, read images."""
        thread = threading.Thread(target=read_slow_parts, args=(self.study.data,), name="check-up", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(WAIT_S)
            yield

    def steps(self):
        """Do what is left to do, yielding between steps; callers that take turns share the progress."""
        yield from self._steps

    @property
    def progress(self):
        """What is there by now: it changes when there is something new to show."""
        return len(self.results), self.done

    @property
    def report(self):
        """The Report, as far as it is."""
        return Report(self.subject, tuple(self.results), self.facts)

    @property
    def count(self):
        """How many checks there are."""
        return len(CHECKS)


def read_slow_parts(data):
    """Import what checks use, and read the training part of a CheckData, which keeps it."""
    import scipy.optimize
    import scipy.special  # noqa: F401

    with suppress(InputError):  # there is none: the checks that need it say so
        _ = data.train, data.never_lit


class CheckUps:
    """The check-up of the network shown, one at a time; ``selected``: the place of the check that a person chose."""

    def __init__(self, session, source=None):
        """Begin with none; ``source``: the CheckUps of another session on the same data, of which is known more."""
        self.session, self.source, self.runs, self.selected = session, source, 0, None

    @cached_property
    def data(self):
        """The CheckData that all check-ups share."""
        return self.source.data if self.source else data_of_dataset(self.session.dataset)

    @keyed(lambda self: (self.session.base_network, self.runs))
    def current(self):
        """The CheckUp of the network shown."""
        name = self.session.network_label or self.session.model.path.name
        metadata = {} if self.session.shows_live_network else self.session.model.metadata
        return CheckUp(make_study(self.session.base_network, self.data, folded=Folded.from_metadata(metadata)), name)

    def renew(self):
        """Check again from the beginning."""
        self.runs += 1

    @property
    def index(self):
        """The place of the check that is chosen: by itself the first that fails, or the hidden neurons."""
        if self.selected is not None:
            return self.selected
        alive = next(place for place, check in enumerate(CHECKS) if check.name == ALIVE)
        return next((place for place, result in enumerate(self.current.results) if result.passed is False), alive)

    @property
    def chosen(self):
        """The CheckResult of the check that is chosen, or None where it is not there yet."""
        results = self.current.results
        return results[self.index] if self.index < len(results) else None

    def select(self, step):
        """Choose another check, so many further."""
        self.selected = min(max(0, self.index + step), len(CHECKS) - 1)
