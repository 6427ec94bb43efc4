"""For films alone: the weights taking shape, and the errors that they make."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.views.snapshots.epoch_axis import Axis
from neuralscope.visualizer.views.snapshots.error_curve import ErrorCurve
from neuralscope.visualizer.views.snapshots.timeline import Timeline
from neuralscope.visualizer.views.snapshots.weight_mosaic import Mosaic
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.view import View


class WeightsHeadline(Headline):
    """Which epoch it is, and how many digits are misread then."""

    def say(self, session, trace):
        """Return the wordings."""
        past = session.past
        place = past.place_of(session.whole)
        epoch = (self.run(f"epoch {thousands(int(past.epochs[place]))}", HEADLINE, "text", bold=True),
                 self.run(f"of {thousands(past.snapshots.last)}", SECOND, gap=2))
        errors = f"{thousands(int(past.errors[place]))} errors in {thousands(len(past.digits))} test digits"
        return (*epoch, self.run(errors, SECOND, "text", gap=3)), epoch

    def which_one(self, session):
        """Return the words for which network it is."""
        return ((self.run(session.network.architecture, LABEL),),)

    def _at_the_right(self, session):
        return self.which_one(session)


class Weights(View):
    """The tiles at the left, the errors over the line of snapshots at the right."""

    title = "weights"
    headline_class = WeightsHeadline

    def __init__(self, painter, session):
        """Make the panels."""
        super().__init__(painter, session)
        self.axis = Axis()
        self.mosaic = Mosaic(painter, session.digits.images.shape[1])
        self.errors, self.timeline = ErrorCurve(painter, self.axis), Timeline(painter, self.axis)
        self.panels = [self.timeline, self.errors, self.mosaic]

    def place(self):
        """Put them side by side."""
        super().place()
        left, bottom, width, height = self.painter.box(0.029, 0.205, 0.942, 0.62)
        lead, right, side = self.painter.leading, left + width, min(0.5 * width, height)
        self.mosaic.place(left, bottom + height, side, side)
        start = left + side + 60 * self.painter.scale
        self.axis.left, self.axis.width = start + 48 * lead, right - start - 150 * lead
        self.timeline.place(bottom + 10 * lead, right)
        self.errors.place(start, bottom + 32 * lead, right, bottom + height - 14 * lead)

    def at_rest(self):
        """Say how many were misread."""
        return self.errors.account(self.session, *self.errors.first_spot(self.session))[0], None

    def update(self):
        """Show what there is."""
        self.axis.count = len(self.session.past)
        super().update()
