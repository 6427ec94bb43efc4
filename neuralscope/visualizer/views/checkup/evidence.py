"""What a check was found by: its name, a chart of its kind, and the sentence and remedy in full."""

from neuralscope.checkup.checks import CHECKS
from neuralscope.formatting import counted
from neuralscope.visualizer.drawing.text import Line, wrapped
from neuralscope.visualizer.drawing.theme import NAME_PT, SUBHEADLINE_PT
from neuralscope.visualizer.views.checkup.activation_histogram import ActivationHistogram
from neuralscope.visualizer.views.checkup.check_list import sentence_of
from neuralscope.visualizer.views.checkup.evidence_bars import EvidenceBars
from neuralscope.visualizer.views.checkup.neuron_pair import NeuronPair
from neuralscope.visualizer.views.checkup.renaming_matrix import RenamingMatrix
from neuralscope.visualizer.widgets.panel import Panel

MAX_LINES, LINE_HEIGHT = 7, 17  # of sentence and remedy


class Evidence(Panel):
    """The evidence of the chosen check."""

    def __init__(self, surface, session):
        """Make the head, the words, and a chart of each kind."""
        super().__init__(surface)
        self.session = session
        self.shown = None  # the chart that has something to show
        self.head, self.images = self.add(Line()), self.add(Line(align="right"))
        self.words = [self.add(Line()) for _ in range(MAX_LINES)]
        # the first that has something to show of a result shows it
        self.charts = [ActivationHistogram(surface), RenamingMatrix(surface, session.dataset.class_names),
                       NeuronPair(surface, session), EvidenceBars(surface)]

    def place(self, box):
        """Stand in a box."""
        self.box = box
        lead = self.surface.leading
        self.head.x, self.head.y = box.left, box.top - 18 * lead
        self.images.x, self.images.y = box.right, self.head.y

    def update(self, session, trace):
        """Show the chosen check, if it is done."""
        place, result = session.check_ups.index, session.check_ups.chosen
        count = result.details.get("images") if result else None
        self.images.set_runs((self.run(counted(count, session.check_ups.data.noun)),) if count else (), ())
        self.images.max_width = self.box.width / 3
        self.head.set_runs((self.run(str(place + 1), SUBHEADLINE_PT, "text", bold=True),
                            self.run(CHECKS[place].name, SUBHEADLINE_PT, "text", bold=True, gap=1.5)))
        lines = self._set_words(result)
        lead = self.surface.leading
        room = self.box.below(self.box.top - (40 + LINE_HEIGHT * lines + 8) * lead)
        self.shown = next((chart for chart in self.charts if result and chart.show(session, result, room)), None)
        for chart in self.charts:
            if chart is not self.shown:
                chart.hide()

    def parts(self):
        """Return the chart that is shown."""
        return [self.shown] if self.shown else []

    def _set_words(self, result):
        """Write sentence and remedy below the name; return how many lines they take."""
        found = []
        if result:
            for text, color in ((sentence_of(result), "muted"), (result.remedy and f"→ {result.remedy}", "text")):
                found += [(line, color) for line in wrapped(text, self._fits)] if text else []
        found = found[:MAX_LINES]
        lead = self.surface.leading
        for place, line in enumerate(self.words):
            line.x, line.y = self.box.left, self.box.top - (44 + LINE_HEIGHT * place) * lead
            text, color = found[place] if place < len(found) else ("", "muted")
            line.set_runs((self.run(text, NAME_PT, color),) if text else ())
        return len(found)

    def _fits(self, text):
        return self.head.measure((self.run(text, NAME_PT),)) <= self.box.width

    def close(self):
        """Take everything off the figure."""
        for chart in self.charts:
            chart.close()
        super().close()
