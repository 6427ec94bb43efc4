"""A MainWindow in a window of the desktop: made with whatever toolkit works, fitted to the screen, ended by Ctrl-C."""

import os
import signal
import sys
from contextlib import contextmanager

from neuralscope.cli import print_shutdown_message


def no_display():
    """Return why no window can be opened on this machine, or nothing."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display"
    return ""


def show_window(new_session, theme, view=None):
    """Show the window, beginning with a view, until it is closed; return why it could not be opened, or nothing."""
    import matplotlib.pyplot as plt

    window = make_window(new_session, theme, view)
    if window is None:
        plt.close("all")
        named = os.environ.get("MPLBACKEND")
        return f"MPLBACKEND={named} opens no window here" if named else (
            "Matplotlib finds no GUI toolkit that works here (such as Tk or Qt)")
    try:
        with interrupt_between_events(window.figure.canvas, window.commands.quit):
            plt.show(block=True)
            window.commands.quit()  # after Ctrl-C it is still open
    finally:
        print_shutdown_message(window.close())
    return ""


def make_window(new_session, theme, view=None):
    """Return a MainWindow on a window of its own, or None where none can be opened."""
    import matplotlib.pyplot as plt

    from neuralscope.visualizer.app.window import MainWindow
    from neuralscope.visualizer.drawing.surface import DESIGN_HEIGHT, DESIGN_WIDTH
    from neuralscope.visualizer.views import VIEWS

    try:
        with plt.rc_context({"toolbar": "None"}):  # with it, Tab moves the focus there and every later key is lost
            figure = plt.figure(figsize=(DESIGN_WIDTH / 100, DESIGN_HEIGHT / 100), dpi=100)
    except ImportError:  # MPLBACKEND names a toolkit that is not there
        return None
    manager = figure.canvas.manager
    if manager is None or not figure.canvas.required_interactive_framework:
        return None
    figure.canvas.mpl_disconnect(manager.key_press_handler_id)  # its q, s, g, l ... are ours here
    fit_to_screen(manager)
    return MainWindow(new_session(), figure, theme, VIEWS, view, quit=lambda: plt.close(figure),
                      full_screen=manager.full_screen_toggle, set_title=manager.set_window_title)


@contextmanager
def interrupt_between_events(canvas, close):
    """Let Ctrl-C ``close`` the window between two events: a toolkit prints what is raised inside one, and goes on."""
    pressed, timer = [], canvas.new_timer(interval=1, callbacks=[(close, (), {})])
    timer.single_shot = True

    def stop(*_):
        pressed.append(True)
        timer.start()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def fit_to_screen(manager):
    """Make a Tk window smaller than its screen; the other toolkits see to that themselves."""
    window = getattr(manager, "window", None)  # macOS has none
    if hasattr(window, "winfo_screenwidth"):
        density = max(1, window.winfo_fpixels("1i") / 96)  # by which Matplotlib enlarges the window once it is shown
        size = manager.canvas.get_width_height()
        share = min(0.98 * window.winfo_screenwidth() / size[0], 0.9 * window.winfo_screenheight() / size[1]) / density
        if share < 1:
            manager.resize(*(int(share * side) for side in size))
