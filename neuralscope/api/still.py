"""A view as a Matplotlib figure: for a notebook, a report, a paper."""

import sys
from collections.abc import Sequence
from numbers import Real
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neuralscope.api.opening import open_network
from neuralscope.api.sessions import session_factory, theme_of, view_of
from neuralscope.cli import limit_threads
from neuralscope.errors import InputError, print_line
from neuralscope.network.functions import check_index

DOTS_PER_INCH = 100
SMALLEST_INCHES, LARGEST_INCHES = 3, 60


class Still(Figure):
    """A figure that a notebook shows as a cell's value, with or without ``%matplotlib inline``.

    ``window``: the MainWindow that is on it, which canvases hold weakly.
    """

    window: Any = None

    def _repr_png_(self) -> bytes:
        from neuralscope.visualizer.app.export import render_figure

        return render_figure(self, ".png")


def figure(model: Any = None, X: Any = None, y: Any = None, view: str = "why", digit: int = 0, *,  # noqa: N803
           selected_class: int | None = None, contrast_class: int | None = None, neuron: int | None = None,
           theme: str = "light", size: tuple[float, float] = (14, 8), class_names: Sequence[Any] | None = None,
           image_shape: tuple[int, int] | None = None, feature_names: Sequence[str] | None = None,
           **reading: Any) -> Figure:
    """Return a view of a network and one row as a Matplotlib figure, of which pyplot knows nothing.

    ``model``, ``X``, ``y`` and what goes with them: as `show` takes them; ``digit``: the row of X, or of MNIST's test
    digits. ``view``: a name at the top of the window, as "explore", "why", "neuron". ``selected_class`` and
    ``contrast_class``: the one asked about and the one it is compared with; ``neuron``: of the last hidden layer.
    ``theme``: "light" or "dark"; ``size``: width and height in inches. What was assumed is said in a line. Raises
    InputError.
    """
    from neuralscope.visualizer.app.window import MainWindow
    from neuralscope.visualizer.views import VIEWS

    colors, opened_view = theme_of(theme), view_of(view)
    if not is_size(size):
        raise InputError(f"size is {size!r}", f"give width and height, {SMALLEST_INCHES} to {LARGEST_INCHES} inches")
    with limit_threads(1):
        saved, data, notice = open_network(model, X, y, class_names=class_names, image_shape=image_shape,
                                           feature_names=feature_names, **reading)
        session = session_factory(saved, data, digit)()
        select(session, selected_class, contrast_class, neuron)
        made = Still(figsize=size, dpi=DOTS_PER_INCH)
        FigureCanvasAgg(made)
        made.window = MainWindow(session, made, colors, VIEWS, opened_view.key)
        made.window.run_to_end()
    # a notebook shows no figure without Axes, and cuts off what is in none
    made.add_axes((0, 0, 1, 1), zorder=-1).set_axis_off()
    if notice:
        print_line(f"neuralscope: {notice}", file=sys.stderr)
    return made


def is_size(size: Any) -> bool:
    """Whether this is a figure's width and height in inches."""
    return isinstance(size, Sequence) and len(size) == 2 and all(
        isinstance(side, Real) and SMALLEST_INCHES <= float(side) <= LARGEST_INCHES for side in size)


def select(session: Any, selected_class: int | None, contrast_class: int | None, neuron: int | None) -> None:
    """Choose in a session what is asked about; raises InputError for what there is not."""
    for number in (selected_class, contrast_class):
        if number is not None:
            check_index(number, session.base_network.sizes[-1], "class")
    if selected_class is not None:
        session.selection.select_class(selected_class)
    if contrast_class is not None:
        session.selection.compare(contrast_class)
    if neuron is not None:
        check_index(neuron, session.base_network.sizes[-2] if session.layers else 0, "neuron")
        session.selection.select_neuron(session.layers - 1, neuron)
