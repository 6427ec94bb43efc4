"""What every view is: a title and its letter, key bindings, panels, and what the mouse finds."""

from neuralscope.visualizer.keys import KeyTable


class View:
    """One arrangement of panels. Made when it is opened; `close` leaves nothing behind."""

    key = ""  # the letter that opens it
    title = ""  # its name in the bar
    bindings = KeyTable([])  # its own keys; their actions are methods of the view

    def __init__(self, painter, session):
        """Make the panels."""
        self.painter, self.session = painter, session
        self.panels = []

    def place(self):
        """Lay the panels out for the window's size."""

    def update(self):
        """Show what the session shows now."""
        for panel in self.panels:
            panel.update(self.session, self.session.trace)

    def describe(self, x, y):
        """Return the runs and the ring for what is at a point, or None."""
        return next(filter(None, (panel.describe(self.session, x, y) for panel in self.panels)), None)

    def at_rest(self):
        """Return the runs and the ring for the readout when the mouse is on nothing, or None."""

    def action_at(self, x, y):
        """Return the binding that a click at a point stands for, or None."""
        return next(filter(None, (panel.action_at(x, y) for panel in self.panels)), None)

    def close(self):
        """Take all panels off the board."""
        for panel in self.panels:
            panel.close()
