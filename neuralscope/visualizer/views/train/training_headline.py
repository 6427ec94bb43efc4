"""The headline of a training: how far it is, and how much of the test digits is read right."""

from neuralscope.formatting import counted, share, thousands
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.panel import inside


class TrainingHeadline(Headline):
    """How far the training is, and how much it reads right: of ``observation``; None: it has not begun."""

    observation = None
    names_network = False

    @property
    def title(self):
        """The words for the window's title."""
        return self.verdict.text

    def wordings(self, session, trace):
        """Return the wordings, longest first."""
        observation = self.observation
        if not observation:
            head = self.run("train a network", HEADLINE_PT, "text", bold=True)
            how = "choose how, then Start: Space" if session.has_labels else "there are no labels to learn from"
            return (head, self.run(how, LABEL_PT, gap=3)), (head,)
        head = (self.run(f"epoch {thousands(observation.epoch)}", HEADLINE_PT, "text", bold=True),
                self.run(f"of {thousands(observation.epochs)}", SUBHEADLINE_PT, gap=1.5))
        all_steps = f"{thousands(observation.steps_per_epoch)} × {thousands(observation.epochs)}"
        step = self.run(f"step {thousands(observation.step)} of {all_steps}", LABEL_PT, gap=2)
        if not observation.rows:
            return (*head, step), head
        count = len(session.digits)
        right = round(observation.rows[-1]["test_accuracy"] * count)
        words = f"{share(right, count)} of test {session.inputs.sample}s right", counted(count - right, "error")
        long, short = ((self.run(text, SUBHEADLINE_PT, "text", gap=3),) for text in (", ".join(words), words[0]))
        return (*head, step, *long), (*head, step, *short), (*head, *short), (*head, step), head

    def grid(self, session):
        """Return one cell, once there are figures."""
        return (1, 1) if self.observation else None

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        return (0, 0) if self.observation and inside(self.verdict.bounds(), x, y) else None

    def describe(self, session, row, column):
        """Say where the figures come from."""
        observation, figure = self.observation, {"color": "text", "mono": True, "gap": 1.5}
        runs = [
            self.run("after"),
            self.run(
                f"{thousands(observation.step)} of "
                f"{thousands(observation.epochs)} × {thousands(observation.steps_per_epoch)} = "
                f"{counted(observation.epochs * observation.steps_per_epoch, 'step')}",
                **figure,
            ),
        ]
        if observation.rows:
            epoch, count = observation.rows[-1]["epoch"], len(session.digits)
            right = round(observation.rows[-1]["test_accuracy"] * count)
            runs += [self.run(f"test {session.inputs.sample}s at the end of epoch {thousands(epoch)}:", gap=2),
                     self.run(f"{thousands(right)} of {thousands(count)} right = {share(right, count)}", **figure),
                     self.run(f"{thousands(count)} − {thousands(right)} = {counted(count - right, 'error')}", **figure)]
        return tuple(runs), self.verdict.bounds()

    def _right_wordings(self, session):
        training = session.training
        if not training:
            loading = f"loading the training {session.inputs.sample}s"
            words = loading if session.training_setup.launcher else "not started"
            return ((self.run(words, LABEL_PT, "text"),),)
        state = training.state
        words = phase_text(state) + ", you watch" * bool(training.read_only)
        short = (self.run(words, LABEL_PT, "wrong" if state.failure else "text"),)
        if state.failure or training.read_only:
            return (short,)
        longer = *short, self.run(f"{'in' if state.saved else 'to be'} {state.output.name}", LABEL_PT, gap=2)
        # which is not to be cut for a file's name
        measure, verdict = self.subject.measure, self.wordings(session, None)[0]
        room = self.surface.page().width - 16 * self.surface.scale - measure(verdict)
        return (longer, short) if measure(longer) <= room else (short,)


def phase_text(state):
    """Return how far a training is, in words; of its TrainingState."""
    if state.failure:
        return "✗ broke off"
    if state.finished:
        return "finished" if state.saved else "finished, not saved yet"
    return "learning" if state.running else "paused" if state.idle else "pausing"
