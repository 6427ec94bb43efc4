"""For films alone: the weights taking shape, and the errors that they make."""

from neuralscope.formatting import counted, thousands
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_WORDINGS, NoLabelsNote
from neuralscope.visualizer.widgets.view import View


class FilmHeadline(Headline):
    """Which epoch it is, and how many digits are misread then."""

    names_network = False

    def wordings(self, session, trace):
        """Return the wordings."""
        history = session.training_history
        snapshot = history.index_of(session.base_network)
        epoch = (self.run(f"epoch {thousands(int(history.epochs[snapshot]))}", HEADLINE_PT, "text", bold=True),
                 self.run(f"of {thousands(history.snapshots.epoch_count)}", SUBHEADLINE_PT, gap=2))
        if not session.has_labels:
            return (*epoch, self.run(NO_LABELS_WORDINGS[-1], SUBHEADLINE_PT, gap=3)), epoch
        errors = (f"{counted(int(history.errors[snapshot]), 'error')} in "
                  f"{counted(len(history.digits), f'test {session.inputs.sample}')}")
        return (*epoch, self.run(errors, SUBHEADLINE_PT, "text", gap=3)), epoch

    def subject_wordings(self, session):
        """Return the words for which network it is."""
        return ((self.run(session.network.architecture, LABEL_PT),),)


class FilmView(View):
    """The tiles at the left, the errors over the line of snapshots at the right."""

    title = "weights"
    headline_class = FilmHeadline

    def __init__(self, surface, session):
        """Make the panels."""
        from neuralscope.visualizer.views.snapshots.epoch_axis import EpochAxis
        from neuralscope.visualizer.views.snapshots.error_curve import ErrorCurve
        from neuralscope.visualizer.views.snapshots.timeline import Timeline
        from neuralscope.visualizer.views.snapshots.weight_mosaic import WeightMosaic

        super().__init__(surface, session)
        self.axis = EpochAxis()
        self.mosaic = WeightMosaic(surface, session.inputs)
        self.errors = ErrorCurve(surface, self.axis) if session.has_labels else NoLabelsNote(surface)
        self.timeline = Timeline(surface, self.axis)
        self.panels = [self.timeline, self.errors, self.mosaic]

    def place(self):
        """Put them side by side."""
        super().place()
        page, lead = self.surface.page(foot=0.205, by_height=True), self.surface.leading
        tiles = page.left_of(page.left + page.width / 2).square()
        self.mosaic.place(tiles)
        chart = page.right_of(tiles.right + 60 * self.surface.scale)
        self.axis.left, self.axis.width = chart.left + 48 * lead, chart.width - 150 * lead
        self.timeline.place(page.bottom + 10 * lead, page.right)
        if self.session.has_labels:
            self.errors.place(chart.above(page.bottom + 32 * lead).below(page.top - 14 * lead))
        else:
            self.errors.place(chart.left, page.bottom + 40 * lead, chart.width)

    def default_description(self):
        """Say how many were misread; without labels which snapshot it is."""
        panel = self.errors if self.session.has_labels else self.timeline
        return panel.describe(self.session, *panel.first_cell(self.session))[0], None

    def update(self):
        """Show what there is."""
        self.axis.count = len(self.session.training_history)
        super().update()
