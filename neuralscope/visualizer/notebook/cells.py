"""Which widgets a cell of the notebook made: they end when it is run again, before it makes others."""

import sys

_widgets = {}  # by the id of their cell, which Jupyter tells with each run; elsewhere there is none
_watched = []  # the shells whose cells are heard of


def current_shell():
    """Return IPython's shell, or None."""
    ipython = sys.modules.get("IPython")
    return ipython and ipython.get_ipython()


def current_cell(shell):
    """Return the id of the cell that runs, or None."""
    kernel = getattr(shell, "kernel", None)
    return kernel.get_parent().get("metadata", {}).get("cellId") if kernel else None


def add(widget):
    """Let a widget end when the cell that runs now is run again."""
    shell = current_shell()
    cell = current_cell(shell)
    if cell is None:
        return
    if shell not in _watched:
        shell.events.register("pre_run_cell", end_earlier)
        _watched.append(shell)
    _widgets.setdefault(cell, []).append(widget)


def remove(widget):
    """Forget a widget that ends."""
    for cell, widgets in list(_widgets.items()):
        kept = [other for other in widgets if other is not widget]
        _widgets[cell] = kept
        if not kept:
            del _widgets[cell]


def end_earlier(info):
    """End what a cell showed, as it is about to run again."""
    for widget in _widgets.pop(info.cell_id, ()):
        widget.close()
