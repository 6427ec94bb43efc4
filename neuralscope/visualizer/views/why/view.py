"""Why this class and not that one: contributions of pixels and of neurons, which add up to the score."""

from neuralscope.analysis.waterfall import printed_total
from neuralscope.formatting import number
from neuralscope.visualizer.drawing.layout import READOUT_TOP, Box
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT
from neuralscope.visualizer.session.non_finite import has_answer
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.view import View


class WhyHeadline(Headline):
    """The selected class and the contrast class: the answer and the runner-up, or another class and the answer."""

    def wordings(self, session, trace):
        """Return the wordings of the two classes, and of the verdict."""
        question, right = self.question_runs(session, trace), self.correctness_runs(session, trace)
        return question + right, question + right[:1], question

    def question_runs(self, session, trace):
        """Return the runs that name the classes and the figure that is explained."""
        if not has_answer(trace):
            return self.no_answer_runs(session)
        names, answer = session.dataset.class_names, int(trace.predictions[0])
        total = printed_total(trace.sums[-1][0], session.selected_class, session.contrast_class)
        selected, read = names[session.selected_class], f"reads {names[answer]}"
        relation = self.run("score", LABEL_PT, gap=3)
        if session.contrast_class is None:
            words = read if session.selected_class == answer else f"{read}: why {selected}?"
        else:
            relation, contrast = self.run("by", HEADLINE_PT, gap=1), names[session.contrast_class]
            is_answer = session.selected_class == answer
            words = f"{read}, not {contrast}" if is_answer else f"{read}: {selected} against {contrast}"
        return (self.run(words, HEADLINE_PT, "text", bold=True), relation,
                self.run(number(total), HEADLINE_PT, "text", gap=1))


class WhyView(View):
    """Digit, local linear maps and contributions at the left; the attribution and the guesses at the right."""

    key, title = "w", "why"
    headline_class = WhyHeadline

    def __init__(self, surface, session):
        """Make the panels."""
        from neuralscope.visualizer.views.why.attribution_table import AttributionTable
        from neuralscope.visualizer.views.why.pixel_maps import LocalLinearMapPanel, PixelContributions
        from neuralscope.visualizer.views.why.ranked_classes import RankedClasses

        super().__init__(surface, session)
        inputs, layers = session.inputs, session.network.layers
        self.digit = Digit(surface, inputs, with_key=False)
        self.selected_class, self.contrast_class = (
            LocalLinearMapPanel(surface, inputs, compared) for compared in (False, True))
        self.pixel_contributions = PixelContributions(surface, inputs)
        self.attribution_table = AttributionTable(surface, inputs, len(layers) - 1)
        self.ranked_classes = RankedClasses(surface, session.dataset.class_names, layers[-1].activation)
        self.panels = [self.digit, self.selected_class, self.contrast_class, self.pixel_contributions,
                       self.attribution_table, self.ranked_classes]

    def place(self):
        """Four pictures two by two, the rows beside them."""
        super().place()
        surface, lead = self.surface, self.surface.leading
        page = surface.page(foot=0.58, by_height=True)
        pitch, upper = surface.x(0.162), page.top
        room = (upper - surface.y(READOUT_TOP)) / 2 - 69 * lead  # of one picture, with its labels and its key
        side = min(surface.x(0.14), surface.y(0.245), room)
        lower = upper - side - 68 * lead
        for panel, across, top in ((self.digit, 0, upper), (self.selected_class, 1, upper),
                                   (self.contrast_class, 0, lower), (self.pixel_contributions, 1, lower)):
            panel.place(Box.hanging(page.left + across * pitch, top, side, side), pitch - 10)
        rows = surface.page(by_height=True)._replace(left=surface.x(0.371), width=surface.x(0.6))
        line = rows.bottom + 26 * lead  # of three, 22 units apart
        table = Box.hanging(*rows.top_left, rows.width, rows.height - 78 * lead)
        self.attribution_table.place(table, sum_baseline=line + 22 * lead)
        self.ranked_classes.place(rows.left, line, rows.width)

    def default_description(self):
        """Say what the neuron contributes that is selected, or contributes most."""
        return self.attribution_table.default_description(self.session)
