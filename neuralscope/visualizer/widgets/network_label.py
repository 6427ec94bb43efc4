"""What the headline's name of a network that is not the file's stands for: a cell to point at."""

from neuralscope.visualizer.widgets.fine_tuning_text import step_text
from neuralscope.visualizer.widgets.panel import Panel, inside


class NetworkLabel(Panel):
    """One cell, where a headline names another network than the file's."""

    def __init__(self, surface, headline):
        """Stand where the words do."""
        super().__init__(surface)
        self.headline, self.subject = headline, headline.subject

    def grid(self, session):
        """Return one cell, or None."""
        return (1, 1) if self.headline.names_network and session.network_label else None

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
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
