"""A MainWindow in a window of the desktop: made with whatever toolkit works, fitted to the screen, ended by Ctrl-C."""

import os
import sys
from importlib.util import find_spec

from neuralscope.cli import pause_garbage_collection, print_shutdown_message
from neuralscope.stop_signals import WINDOW_PATIENCE_S, held_stops

TOOLKITS_BEFORE_TK = "PyQt6", "PySide6", "PyQt5", "PySide2", "gi"  # Matplotlib takes Tk where none is installed


def no_display():
    """Return why no window can be opened on this machine, or nothing."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display"
    return ""


def show_window(new_session, theme, view=None):
    """Show the window, beginning with a view, until it is closed; return why it could not be opened, or nothing."""
    with pause_garbage_collection():
        window = make_window(new_session, theme, view)
    if window is None:
        named = os.environ.get("MPLBACKEND")
        return f"MPLBACKEND={named} opens no window here" if named else (
            "Matplotlib finds no GUI toolkit that works here (such as Tk or Qt)")
    with held_stops(print_shutdown_message, patience=WINDOW_PATIENCE_S) as stop:
        try:
            close_when_stopped(stop, window.figure.canvas, window.commands.quit)
            show_until_closed(window.figure.canvas.manager)
            window.commands.quit()  # after Ctrl-C it is still open
        finally:
            print_shutdown_message(window.close())
    stop.raise_stopped()
    return ""


def make_window(new_session, theme, view=None):
    """Return a MainWindow on a window of its own, or None where none can be opened."""
    import matplotlib
    from matplotlib._pylab_helpers import Gcf

    from neuralscope.visualizer.app.window import MainWindow
    from neuralscope.visualizer.drawing.surface import DESIGN_HEIGHT, DESIGN_WIDTH
    from neuralscope.visualizer.views import VIEWS

    size = {"figsize": (DESIGN_WIDTH / 100, DESIGN_HEIGHT / 100), "dpi": 100}
    with matplotlib.rc_context({"toolbar": "None"}):  # with it, Tab moves the focus there and every later key is lost
        figure = (takes_tk() and tk_figure(**size)) or pyplot_figure(**size)
    if not figure:
        return None
    manager = figure.canvas.manager
    figure.canvas.mpl_disconnect(manager.key_press_handler_id)  # its q, s, g, l ... are ours here
    fit_to_screen(manager)
    return MainWindow(new_session(), figure, theme, VIEWS, view, quit=lambda: Gcf.destroy_fig(figure),
                      full_screen=manager.full_screen_toggle, set_title=manager.set_window_title)


# A window of Tk does without pyplot: to import it, and to let it look for a toolkit, is nearly a tenth of the start.
# Every other toolkit, a notebook, and whatever else is out of the ordinary is left to pyplot, which knows their ways.


def takes_tk():
    """Say whether it is certain that Matplotlib opens a window of Tk; where it is not, pyplot has to find out."""
    import matplotlib

    settings = matplotlib.rcParams.copy()  # to ask rcParams itself for its backend imports pyplot
    if "matplotlib.pyplot" in sys.modules or matplotlib.is_interactive() or settings["figure.hooks"]:
        return False
    if isinstance(settings["backend"], str):
        return settings["backend"].lower() == "tkagg"
    return sys.platform != "darwin" and not any(map(find_spec, TOOLKITS_BEFORE_TK))


def tk_figure(**size):
    """Return a figure in a window of Tk, not shown yet; None where there is no Tk, or it finds no display."""
    try:
        import tkinter

        from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
    except ImportError:
        return None
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.figure import Figure

    try:
        manager = FigureCanvasTkAgg.new_manager(Figure(**size), 1)
    except tkinter.TclError:
        return None
    Gcf._set_new_active_manager(manager)  # as pyplot does: the main loop runs for those alone
    return manager.canvas.figure


def pyplot_figure(**size):
    """Return a figure in a window of the toolkit that pyplot takes, not shown yet; None where it finds none."""
    import matplotlib.pyplot as plt

    try:
        figure = plt.figure(**size)
    except ImportError:  # MPLBACKEND names a toolkit that is not there
        return None
    if figure.canvas.manager is None or not figure.canvas.required_interactive_framework:
        plt.close(figure)
        return None
    return figure


def show_until_closed(manager):
    """Show a window, and return once it is closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    (pyplot.show if pyplot else manager.pyplot_show)(block=True)


def close_when_stopped(stop, canvas, close):
    """Let a signal ``close`` the window between two events: a toolkit prints what is raised inside one, and goes on."""
    timer = canvas.new_timer(interval=1, callbacks=[(close, (), {})])
    timer.single_shot = True
    stop.act = timer.start
    if stop():
        timer.start()


def fit_to_screen(manager):
    """Make a Tk window smaller than its screen; the other toolkits see to that themselves."""
    window = getattr(manager, "window", None)  # macOS has none
    if hasattr(window, "winfo_screenwidth"):
        density = max(1, window.winfo_fpixels("1i") / 96)  # by which Matplotlib enlarges the window once it is shown
        size = manager.canvas.get_width_height()
        share = min(0.98 * window.winfo_screenwidth() / size[0], 0.9 * window.winfo_screenheight() / size[1]) / density
        if share < 1:
            manager.resize(*(int(share * side) for side in size))
