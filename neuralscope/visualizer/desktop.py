"""A MainWindow in a window of the desktop: made with whatever toolkit works, fitted to the screen, ended by Ctrl-C."""

import os
import sys

from neuralscope.cli import pause_garbage_collection, print_message
from neuralscope.errors import sentence
from neuralscope.stop_signals import WINDOW_PATIENCE_S, held_stops
from neuralscope.visualizer.toolkits import open_figure


def no_display():
    """Return why no window can be opened on this machine, or nothing."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display"
    return ""


def show_window(new_session, theme, view=None):
    """Show the window, beginning with a view, until it is closed; return why it could not be opened, or nothing."""
    troubles = []
    with pause_garbage_collection():
        window = make_window(new_session, theme, view, troubles)
    if window is None:
        named, why = os.environ.get("MPLBACKEND"), "; ".join(troubles)
        return sentence(f"MPLBACKEND={named} opens no window here", why) if named else (
            f"Matplotlib finds no GUI toolkit that works here ({why or 'such as Tk or Qt'})")
    print_message(sentence(*troubles, "the next toolkit opens the window") if troubles else "")
    with held_stops(print_message, patience=WINDOW_PATIENCE_S) as stop:
        try:
            close_when_stopped(stop, window.figure.canvas, window.commands.quit)
            show_until_closed(window.figure.canvas.manager)
            window.commands.quit()  # after Ctrl-C it is still open
        finally:
            print_message(window.close())
    stop.raise_stopped()
    return ""


def make_window(new_session, theme, view=None, troubles=None):
    """Return a MainWindow on a window of its own, or None where none can be opened.

    ``troubles`` is a list that gets a line for each toolkit that opens none.
    """
    import matplotlib
    from matplotlib._pylab_helpers import Gcf

    from neuralscope.visualizer.app.window import MainWindow
    from neuralscope.visualizer.drawing.surface import DESIGN_HEIGHT, DESIGN_WIDTH
    from neuralscope.visualizer.views import VIEWS

    size = {"figsize": (DESIGN_WIDTH / 100, DESIGN_HEIGHT / 100), "dpi": 100}
    with matplotlib.rc_context({"toolbar": "None"}):  # with it, Tab moves the focus there and every later key is lost
        figure = open_figure([] if troubles is None else troubles, **size)
    if not figure:
        return None
    manager = figure.canvas.manager
    figure.canvas.mpl_disconnect(manager.key_press_handler_id)  # its q, s, g, l ... are ours here
    return MainWindow(new_session(), figure, theme, VIEWS, view, quit=lambda: Gcf.destroy_fig(figure),
                      full_screen=manager.full_screen_toggle, set_title=manager.set_window_title)


def show_until_closed(manager):
    """Show a window, and return once it is closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    # a toolkit that opened no window may have left pyplot with it
    is_tk = manager.canvas.required_interactive_framework == "tk"
    (pyplot.show if pyplot and not is_tk else manager.pyplot_show)(block=True)


def close_when_stopped(stop, canvas, close):
    """Let a signal ``close`` the window between two events: a toolkit prints what is raised inside one, and goes on."""
    timer = canvas.new_timer(interval=1, callbacks=[(close, (), {})])
    timer.single_shot = True
    stop.act = timer.start
    if stop():
        timer.start()
