"""The headline of a training: how far it is, and how much of the test digits is read right."""

from neuralscope.formatting import share, thousands
from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.panel import inside


class Progress(Headline):
    """How far the training is, and how much it reads right: of ``moment``; None: it has not begun."""

    moment = None

    @property
    def title(self):
        """The words for the window's title."""
        return self.verdict.text

    def say(self, session, trace):
        """Return the wordings, longest first."""
        moment = self.moment
        if not moment:
            head = self.run("train a network", HEADLINE, "text", bold=True)
            return (head, self.run("choose how, then Start: Space", LABEL, gap=3)), (head,)
        head = (self.run(f"epoch {thousands(moment.epoch)}", HEADLINE, "text", bold=True),
                self.run(f"of {thousands(moment.epochs)}", SECOND, gap=1.5))
        all_steps = f"{thousands(moment.steps_per_epoch)} × {thousands(moment.epochs)}"
        step = self.run(f"step {thousands(moment.step)} of {all_steps}", LABEL, gap=2)
        if not moment.rows:
            return (*head, step), head
        count = len(session.digits)
        right = round(moment.rows[-1]["test_accuracy"] * count)
        words = f"{share(right, count)} of test digits right", f"{thousands(count - right)} errors"
        long, short = ((self.run(text, SECOND, "text", gap=3),) for text in (", ".join(words), words[0]))
        return (*head, step, *long), (*head, step, *short), (*head, *short), (*head, step), head

    def grid(self, session):
        """Return one spot, once there are figures."""
        return (1, 1) if self.moment else None

    def spot_at(self, session, x, y):
        """Return the spot at a point."""
        return (0, 0) if self.moment and inside(self.verdict.bounds(), x, y) else None

    def account(self, session, row, column):
        """Say where the figures come from."""
        moment, figure = self.moment, {"color": "text", "mono": True, "gap": 1.5}
        runs = [self.run("after"), self.run(
            f"{thousands(moment.step)} of {thousands(moment.epochs)} × {thousands(moment.steps_per_epoch)} = "
            f"{thousands(moment.epochs * moment.steps_per_epoch)} steps", **figure)]
        if moment.rows:
            epoch, count = moment.rows[-1]["epoch"], len(session.digits)
            right = round(moment.rows[-1]["test_accuracy"] * count)
            runs += [self.run(f"test digits at the end of epoch {thousands(epoch)}:", gap=2),
                     self.run(f"{thousands(right)} of {thousands(count)} right = {share(right, count)}", **figure),
                     self.run(f"{thousands(count)} − {thousands(right)} = {thousands(count - right)} errors", **figure)]
        return tuple(runs), self.verdict.bounds()

    def _at_the_right(self, session):
        training, plan = session.training, session.plan
        if not training:
            words = "loading the training digits" if plan.launch else "not started"
        elif training.failure:
            words = "✗ broke off"
        elif training.finished:
            words = "finished" if training.saved else "finished, not saved yet"
        elif training.running:
            words = "learning"
        else:
            words = "paused" if training.at_rest else "pausing"
        words += ", you watch" * bool(training and training.muted)
        state = (self.run(words, LABEL, "wrong" if training and training.failure else "text"),)
        if not training or training.failure or training.muted:
            return (state,)
        where = "in" if training.saved else "to be"
        longer = *state, self.run(f"{where} {training.output.name}", LABEL, gap=2)
        measure, verdict = self.which.measure, self.say(session, None)[0]  # which is not to be cut for a file's name
        room = 0.942 * self.painter.width - 16 * self.painter.scale - measure(verdict)
        return (longer, state) if measure(longer) <= room else (state,)
