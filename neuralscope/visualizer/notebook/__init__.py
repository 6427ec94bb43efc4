"""The window as a widget in the output of a notebook's cell: in Jupyter, and wherever else `anywidget` shows one."""

import sys

from neuralscope.errors import InputError

MIN_WIDTH = 320  # of the page's pixels; a cell with fewer scrolls
ASPECT_RATIO = "8 / 5"  # a cell is narrow, and in a window that is so and lower some views have too little room


def in_notebook():
    """Say whether this code runs in a notebook's kernel: Jupyter's, as VS Code and Colab have one, or marimo's."""
    ipython, marimo = sys.modules.get("IPython"), sys.modules.get("marimo")
    shell = ipython and ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None or bool(marimo and marimo.running_in_notebook())


def make_widget(new_session, theme, view=None, max_width=None):
    """Return a window as a widget, which a cell shows as its last value; each further one is another window.

    ``new_session()`` returns its `Session`, ``theme`` is a `Theme`, ``view`` the letter of the first view or None for
    the first one; ``max_width``: the most of the page's pixels that it takes, MIN_WIDTH or more, or None: all that the
    cell has. It ends with its cell, with ``widget.close()``, or by a key. Raises InputError, as ``new_session`` does.
    """
    if max_width is not None and not max_width >= MIN_WIDTH:
        raise InputError(f"max_width is {max_width}", f"give {MIN_WIDTH} pixels or more, or None")
    try:
        import anywidget  # noqa: F401
    except ImportError as error:
        raise InputError("a widget needs anywidget, which is not installed",
                         "pip install 'neuralscope[notebook]', and restart the kernel") from error
    from neuralscope.visualizer.notebook.window_widget import WindowWidget

    shape = {"aspect-ratio": ASPECT_RATIO, "min-width": f"{MIN_WIDTH}px"}
    return WindowWidget(new_session, theme, view, shape | ({"max-width": f"{max_width}px"} if max_width else {}))
