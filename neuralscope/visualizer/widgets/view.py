"""What every view is: a title and its letter, key bindings, panels, the cursor, and what the mouse finds."""

from neuralscope.visualizer.input.focus import Cursor
from neuralscope.visualizer.input.keys import KeyTable
from neuralscope.visualizer.input.prompts import ContrastClassPrompt
from neuralscope.visualizer.input.results import Focus
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.network_label import NetworkLabel


class View:
    """One arrangement of panels under a headline. Made when it is opened; `close` leaves nothing behind."""

    key = ""  # the letter that opens it
    title = ""  # its name in the bar
    key_index = 0  # where that letter stands in the title; None: it has Shift, and stands in the list of keys alone
    bindings = KeyTable([])  # its own keys; their actions are methods of the view
    headline_class = Headline
    apply = None  # `MainWindow.apply`: shows what comes of what a view does between two events
    keys_by_title = {}  # noqa: RUF012  of all views, by which one can open another; set by the window
    shows_training = False  # whether it shows every step of a training, and not what all test digits do

    def __init__(self, surface, session):
        """Make the headline; the view adds its own ``panels``."""
        self.surface, self.session = surface, session
        self.headline = self.headline_class(surface)
        self.network_label = NetworkLabel(surface, self.headline)
        self.panels = []
        self.focus = None

    @property
    def background_work(self):
        """What is found out between events while this view is open."""
        return self.session.analysis

    def file_to_save(self):
        """Return what is saved in place of a picture, as ``(name, suffix, content)``, or None."""

    def place(self):
        """Lay the panels out for the window's size."""
        self.headline.place()

    def update(self):
        """Show what the session shows now."""
        for panel in [self.headline, *self.panels]:
            panel.update(self.session, self.session.trace)

    def parts(self):
        """Return the panels that have something to point at, in the order in which Tab goes through them."""
        return [part for panel in [*self.panels, self.network_label] for part in panel.parts()]

    def panel_at(self, x, y):
        """Return the panel at a point and the cell in it, or None."""
        for part in self.parts():
            cell = part.cell_at(self.session, x, y)
            if cell is not None:
                return part, cell
        return None

    def describe_at(self, x, y):
        """Return the runs and the ring for what is at a point, or None."""
        found = self.panel_at(x, y)
        return found and found[0].describe(self.session, *found[1])

    def start_drag(self, x, y, button):
        """Return what a press of a mouse button at a point takes hold of, or None.

        It has ``drag(x, y)``, called for each move until the button is released, and ``release()``. With ``is_click``
        true then, it was no drag but a click.
        """
        found = (part.start_drag(self.session, x, y, button) for part in self.parts())
        return next(filter(None, found), None)

    def scroll(self, x, y, steps):
        """Follow the mouse's wheel, ``steps`` away from the person; say whether that changed anything."""
        return False

    def view_to_open(self):
        """Return the `OpenView` of the view that has to be opened now, or None."""

    def default_description(self):
        """Return the runs and the ring for the readout when neither mouse nor cursor is on anything, or None."""

    def binding_at(self, x, y):
        """Return the binding that a click at a point stands for, or None."""
        return next(filter(None, (panel.binding_at(x, y) for panel in [self.headline, *self.panels])), None)

    def adjacent_focus(self, step):
        """Return the `Focus` of the next panel that the cursor can stand in, or with ``step`` -1 of the one before."""
        parts = [part for part in self.parts() if part.grid(self.session)]
        if not parts:
            return None
        at = parts.index(self.focus.panel) + step if self.focus and self.focus.panel in parts else min(step, 0)
        return Focus(parts[at % len(parts)])

    def set_focus(self, panel):
        """Stand the cursor in a panel."""
        self.focus = Cursor(self.session, panel)

    def clear_focus(self):
        """Put the cursor away; say whether there was one."""
        had, self.focus = self.focus is not None, None
        return had

    def footer_wordings(self):
        """Return wordings for the footer in place of what is loaded, each a list of words, longest first, or None."""

    def number_target(self):
        """Return what is meant by a number to go to: ``(noun, last, go_to)``; None: a test digit."""

    def contrast_prompt(self):
        """Return what asks for the class to compare with."""
        return ContrastClassPrompt(self.session)

    def on_class_selected(self):
        """Follow where a figure chose a class."""

    def leave(self):
        """Close for another view; return what the window then has to `Say`, or None."""
        return self.close()

    def close(self):
        """Take all panels off the surface; a view may return what there is to `Say` about that."""
        self.session.shows_backprop = False
        for panel in [self.headline, *self.panels]:
            panel.close()
