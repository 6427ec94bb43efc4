"""The spot at the headline's words that say how far the network shown has learned."""

from neuralscope.visualizer.widgets.fine_tuning_text import step_text
from neuralscope.visualizer.widgets.panel import Panel, inside


class NetworkLabel(Panel):
    """One spot, where a headline names another network than the file's."""

    def __init__(self, surface, headline):
        """Stand where the words do."""
        super().__init__(surface)
        self.subject = headline.subject

    def grid(self, session):
        """Return one spot, or None."""
        return (1, 1) if session.network_label and self.subject.text.startswith(session.network_label) else None

    def cell_at(self, session, x, y):
        """Return the spot at a point."""
        return (0, 0) if self.grid(session) and inside(self.subject.bounds(), x, y) else None

    def describe(self, session, row, column):
        """Say which network is shown, and what shows the file's again."""
        words = ["what the training (t) has learned so far", "u there shows the file's network again"]
        if session.training_history and session.training_history.index_of(session.base_network) is not None:
            words = ["the network as it was then, its weights rounded to float16",
                     "u in past (p) shows the file's network again"]
        elif session.fine_tuning.count:
            words = [f"the last: {step_text(session, session.fine_tuning.steps[-1])}", "the file stays as it is",
                     "in l, z takes back a step and Z all"]
        runs = (self.run(session.network_label, color="text", bold=True), *(self.run(part, gap=2) for part in words))
        return runs, self.subject.bounds()
