"""What every view is: a title and its letter, key bindings, panels, the cursor, and what the mouse finds."""

from neuralscope.visualizer.input.focus import Cursor
from neuralscope.visualizer.input.keys import KeyTable
from neuralscope.visualizer.input.prompts import Versus
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.network_label import Stage


class View:
    """One arrangement of panels under a headline. Made when it is opened; `close` leaves nothing behind."""

    key = ""  # the letter that opens it
    title = ""  # its name in the bar
    bindings = KeyTable([])  # its own keys; their actions are methods of the view
    headline_class = Headline
    tell = None  # the window's: shows what a view does between two events, and says something
    shows_training = False  # whether it shows every step of a training, and not what all test digits do

    def __init__(self, painter, session):
        """Make the headline; the view adds its own ``panels``."""
        self.painter, self.session = painter, session
        self.headline = self.headline_class(painter)
        self.stage = Stage(painter, self.headline)
        self.panels = []
        self.cursor = None

    def place(self):
        """Lay the panels out for the window's size."""
        self.headline.place()

    def update(self):
        """Show what the session shows now."""
        for panel in [self.headline, *self.panels]:
            panel.update(self.session, self.session.trace)

    def parts(self):
        """Return the panels that have something to point at, in the order in which Tab goes through them."""
        return [part for panel in [*self.panels, self.stage] for part in panel.parts()]

    def find(self, x, y):
        """Return the panel and the spot in it at a point, or None."""
        for part in self.parts():
            spot = part.spot_at(self.session, x, y)
            if spot is not None:
                return part, spot
        return None

    def describe(self, x, y):
        """Return the runs and the ring for what is at a point, or None."""
        found = self.find(x, y)
        return found and found[0].account(self.session, *found[1])

    def grasp(self, x, y, button):
        """Return what a press of a mouse button at a point takes hold of, or None.

        It has ``drag(x, y)``, called for each move until the button is released, and ``release()``. With ``is_click``
        true then, it was no drag but a click.
        """
        found = (part.grasp(self.session, x, y, button) for part in self.parts())
        return next(filter(None, found), None)

    def scroll(self, x, y, steps):
        """Follow the mouse's wheel, ``steps`` away from the person; say whether that changed anything."""
        return False

    def leads_to(self):
        """Return the letter of the view that has to be opened now, or None."""

    def at_rest(self):
        """Return the runs and the ring for the readout when neither mouse nor cursor is on anything, or None."""

    def action_at(self, x, y):
        """Return the binding that a click at a point stands for, or None."""
        return next(filter(None, (panel.action_at(x, y) for panel in [self.headline, *self.panels])), None)

    def take_cursor(self, step):
        """Take the cursor to the next panel that it can stand in, or with ``step`` -1 to the one before."""
        parts = [part for part in self.parts() if part.grid(self.session)]
        if parts:
            at = parts.index(self.cursor.panel) + step if self.cursor and self.cursor.panel in parts else min(step, 0)
            self.put_cursor(parts[at % len(parts)])

    def put_cursor(self, panel):
        """Stand the cursor in a panel."""
        self.cursor = Cursor(self.session, panel)

    def leave_cursor(self):
        """Put the cursor away; say whether there was one."""
        had, self.cursor = self.cursor is not None, None
        return had

    def loaded(self):
        """Return wordings for the footer in place of what is loaded, each a list of words, longest first, or None."""

    def numbers(self):
        """Return what is meant by a number to go to: ``(what, last, go_to)``; None: a test digit."""

    def versus(self):
        """Return what asks for the class to compare with."""
        return Versus(self.session)

    def class_asked(self):
        """Follow where a figure chose a class."""

    def leave(self):
        """Close for another view; return words that the window then says, or None."""
        return self.close()

    def close(self):
        """Take all panels off the board; a view may return words that the window then says."""
        self.session.goes_back = False
        for panel in [self.headline, *self.panels]:
            panel.close()
