"""A canvas that draws when there is nothing else to do, as those of toolkits; Agg's own draws at every change."""

from matplotlib.backends.backend_agg import FigureCanvasAgg


class IdleCanvas(FigureCanvasAgg):
    """Draws what was asked for when somebody looks."""

    waits = False

    def draw_idle(self, *args, **kwargs):
        """Ask for a frame."""
        self.waits = True

    def draw(self):
        """Draw it now."""
        self.waits = False
        super().draw()

    def draw_what_waits(self):
        """Draw what was asked for, if anything was."""
        if self.waits:
            self.draw()
