"""A key, a panel and a view of one's own are a row each: what CONTRIBUTING says follows by itself does."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neuralscope.visualizer.app.window import MainWindow
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.input.keys import Binding, KeyTable, as_markdown, window_table
from neuralscope.visualizer.input.results import Say
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.views.draw.view import DrawView
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.view import View
from tests.helpers.views import check_layout, middle


class Halves(Panel):
    """How much ink is in each half of the digit."""

    def __init__(self, surface):
        """Make the lines."""
        super().__init__(surface)
        self.lines = [self.add(Line()), self.add(Line())]

    def place(self, box):
        """Stand side by side."""
        self.columns = box.columns(2)
        for line, column in zip(self.lines, self.columns, strict=True):
            line.x, line.y = column.left, column.bottom + column.height / 2

    def update(self, session, trace):
        """Set the sums."""
        self.ink = session.image.reshape(28, 2, 14).sum(axis=(0, 2))
        for line, ink in zip(self.lines, self.ink, strict=True):
            line.set_runs((self.run(f"{ink:.1f}"),))

    def grid(self, session):
        """Return a cell for each half."""
        return 1, 2

    def cell_at(self, session, x, y):
        """Return the half at a point."""
        return next(((0, column) for column, box in enumerate(self.columns) if inside(box, x, y)), None)

    def describe(self, session, row, column):
        """Say how much ink it has."""
        return (self.run(f"half {column}", bold=True), self.run(f"{self.ink[column]:.1f}", gap=1)), self.columns[column]


class InkView(View):
    """The halves alone; its keys are none that a view may come to have."""

    key, title = "Ω", "Ω ink"
    bindings = KeyTable([Binding(("µ",), "tell", "how much ink there is", "ink")])

    def __init__(self, surface, session):
        """Make the panel."""
        super().__init__(surface, session)
        self.halves = Halves(surface)
        self.panels = [self.halves]

    def place(self):
        """Give it the page."""
        super().place()
        self.halves.place(self.surface.page())

    def tell(self):
        """Say it."""
        return Say(f"ink {self.halves.ink.sum():.1f}")


@pytest.fixture
def window(open_window):
    """Return a window with one view more."""
    figure = Figure(figsize=(9, 6))
    FigureCanvasAgg(figure)
    figure.canvas.callbacks.exception_handler = None
    made = MainWindow(open_window().session, figure, THEMES["dark"], (*VIEWS, InkView))
    yield made
    made.close()


def test_a_new_view_has_its_letter_its_name_in_the_bar_and_room(window, press, mouse):
    press(window, "x", "Ω")
    assert isinstance(window.view, InkView)
    check_layout(window, (900, 600))
    press(window, "escape")
    mouse(window, *middle(window.tab_bar.names[-1].bounds()), click=True)
    assert isinstance(window.view, InkView)
    press(window, "?")
    assert "view: Ω ink" in [binding.help for binding in window.overlay.listed]
    assert "| `Ω` | view: Ω ink |" in as_markdown([window_table([*VIEWS, InkView])])


def test_a_new_key_is_called_listed_shown_and_printed(window, press):
    press(window, "Ω", "µ")
    assert window.readout.line.text == f"ink {window.session.image.sum():.1f}"
    assert "µ ink" in [word.text for word in window.footer.words]
    press(window, "?")
    assert "how much ink there is" in [binding.help for binding in window.overlay.listed]
    assert "| `µ` | how much ink there is |" in as_markdown([InkView.bindings])


def test_a_new_panel_has_tab_arrows_mouse_and_readout(window, press, mouse):
    press(window, "Ω", "tab", "right")
    halves = window.view.halves
    assert (window.view.focus.panel, window.view.focus.cell) == (halves, (0, 1))
    assert window.readout.line.text == f"half 1 {halves.ink[1]:.1f}"
    mouse(window, *middle(halves.columns[0]))
    assert window.readout.line.text == f"half 0 {halves.ink[0]:.1f}"
    assert window.readout.ring.around == halves.columns[0]


def test_a_letter_that_is_taken_is_refused(open_window):
    class TakenView(InkView):
        key = DrawView.bindings[0].keys[0]

    session = open_window().session
    with pytest.raises(ValueError, match=r"key '.' stands for .* in a view and hides 'open_view'"):
        MainWindow(session, Figure(), THEMES["dark"], (*VIEWS, TakenView))
