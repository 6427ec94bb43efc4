"""The spot at the headline's words that say how far the network shown has learned."""

from neuralscope.visualizer.views.fine_tune.step_controls import step_words
from neuralscope.visualizer.widgets.panel import Panel, inside


class Stage(Panel):
    """One spot, where a headline names another network than the file's."""

    def __init__(self, painter, headline):
        """Stand where the words do."""
        super().__init__(painter)
        self.which = headline.which

    def grid(self, session):
        """Return one spot, or None."""
        return (1, 1) if session.stage and self.which.text.startswith(session.stage) else None

    def spot_at(self, session, x, y):
        """Return the spot at a point."""
        return (0, 0) if self.grid(session) and inside(self.which.bounds(), x, y) else None

    def account(self, session, row, column):
        """Say which network is shown, and what shows the file's again."""
        words = ["what the training (t) has learned so far", "u there shows the file's network again"]
        if session.past and session.past.place_of(session.whole) is not None:
            words = ["the network as it was then, its weights rounded to float16",
                     "u in past (p) shows the file's network again"]
        elif session.lessons.count:
            words = [f"the last: {step_words(session, session.lessons.steps[-1])}", "the file stays as it is",
                     "in l, z takes back a step and Z all"]
        runs = (self.run(session.stage, color="text", bold=True), *(self.run(part, gap=2) for part in words))
        return runs, self.which.bounds()
