"""The toolkits that may open a window on this machine, tried one after the other.

Tk raises what it finds wrong. Qt, GTK and wx may end the whole process instead, in C, as Qt does without its system
libraries: each is tried in a process of its own first, once for the versions and settings that it was tried with.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec

from neuralscope.datasets import cache
from neuralscope.errors import printable
from neuralscope.stop_signals import STOP_SIGNALS

# By Matplotlib's names, in the order in which it asks for them: the packages of which each needs one.
PACKAGES = {"macosx": (), "qtagg": ("PyQt6", "PySide6", "PyQt5", "PySide2"), "gtk4agg": ("gi",), "gtk3agg": ("gi",),
            "tkagg": ("tkinter",), "wxagg": ("wx",)}
TRIED_FIRST = "qt", "gtk", "wx"  # what their names begin with, in whatever spelling
SETTINGS = "DISPLAY", "WAYLAND_DISPLAY", "XDG_", "QT_", "GDK_", "GTK_", "LD_"  # what names of variables begin with
LIBRARIES_INDEX = "/etc/ld.so.cache"  # which changes as system libraries are installed
TRIAL_TIMEOUT_S = 20
# of these a process that is tried ends by what others do: the next time it may not
OUTER_SIGNALS = *STOP_SIGNALS, getattr(signal, "SIGKILL", None)
TRIAL = """
import sys
import matplotlib
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
matplotlib.use(sys.argv[1])
from matplotlib import pyplot
pyplot.figure()
"""


def open_figure(troubles, **size):
    """Return a figure of ``size``, in a window that is not shown yet, of the first toolkit that opens one, or None.

    ``troubles`` is a list that gets a line for each that does not.
    """
    for backend in backends():
        trouble = trial_failure(backend) if backend.startswith(TRIED_FIRST) else ""
        try:
            figure = None if trouble else make_figure(backend, **size)
            if figure:
                fit_to_screen(figure.canvas.manager)
                return figure
        except Exception as error:  # whatever a toolkit raises; the line tells it, and the next one is tried
            trouble = str(error).partition("\n")[0] or type(error).__name__
        if trouble:
            troubles.append(f"{backend}: {printable(trouble)}")
    return None


def backends():
    """Return what may open a window, by Matplotlib's names: the one that a person chose, or those installed."""
    import matplotlib

    chosen = matplotlib.rcParams.copy()["backend"]  # to ask rcParams itself imports pyplot
    if isinstance(chosen, str):
        return [chosen if chosen.startswith("module://") else chosen.lower()]
    return [name for name, packages in PACKAGES.items()
            if any(map(find_spec, packages)) or (name == "macosx" and sys.platform == "darwin")]


def make_figure(backend, **size):
    """Return a figure in a window of a toolkit; None where it has no windows. Raises whatever that raises.

    A window of Tk does without pyplot: to import it is nearly a tenth of the start. Every other toolkit, a notebook,
    and whatever else is out of the ordinary is left to pyplot, which knows their ways.
    """
    import matplotlib

    settings = matplotlib.rcParams.copy()
    out_of_the_ordinary = matplotlib.is_interactive() or settings["figure.hooks"]
    return tk_figure(**size) if backend == "tkagg" and not out_of_the_ordinary else pyplot_figure(backend, **size)


def tk_figure(**size):
    """Return a figure in a window of Tk; raises ImportError or TclError where there is no Tk, or no display."""
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
    from matplotlib.figure import Figure

    manager = FigureCanvasTkAgg.new_manager(Figure(**size), 1)
    Gcf._set_new_active_manager(manager)  # as pyplot does: the main loop runs for those alone
    return manager.canvas.figure


def pyplot_figure(backend, **size):
    """Return a figure in a window of the toolkit of a backend; None where that has no windows."""
    import matplotlib.pyplot as plt

    plt.switch_backend(backend)
    figure = plt.figure(**size)
    if figure.canvas.manager is None or not figure.canvas.required_interactive_framework:
        plt.close(figure)
        return None
    return figure


def trial_failure(backend):
    """Return what becomes of a process that opens a window with a backend, or "" where it would not end this one."""
    origin = trial_origin(backend)
    if kept := cache.read_arrays(f"toolkit-{backend}", origin):
        return kept[0].tobytes().decode()
    trouble, is_certain = try_backend(backend)
    if is_certain:
        import numpy as np

        cache.write_arrays(f"toolkit-{backend}", origin, [np.array([*trouble.encode()], np.uint8)])
    return trouble


def try_backend(backend):
    """Let a process open a window; return what became of it, or "", and whether it would become so again.

    What it raises, as where the display is not there yet, this process may try itself.
    """
    try:
        done = subprocess.run([sys.executable, "-c", TRIAL, backend], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=TRIAL_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "it does not open one", False
    if done.returncode in (0, 1):
        return "", done.returncode == 0
    name = str(done.returncode)
    with suppress(ValueError):
        name = signal.Signals(-done.returncode).name
    said = done.stderr.strip().partition("\n")[0].rstrip(".")
    return f"it ends a process with {name}" + f" ({said})" * bool(said), -done.returncode not in OUTER_SIGNALS


def trial_origin(backend):
    """Return a text that is another one where a backend might do otherwise than it did."""
    import matplotlib

    prefix = next(prefix for prefix in TRIED_FIRST if backend.startswith(prefix))
    packages = next(packages for name, packages in PACKAGES.items() if name.startswith(prefix))
    files = [spec.origin for spec in map(find_spec, packages) if spec and spec.origin]
    times = []
    for path in (*files, LIBRARIES_INDEX):
        with suppress(OSError):
            times.append((path, os.stat(path).st_mtime_ns))
    settings = sorted(item for item in os.environ.items() if item[0].startswith(SETTINGS))
    return repr((matplotlib.__version__, sys.version, times, settings))


def fit_to_screen(manager):
    """Make a Tk window smaller than its screen; the other toolkits see to that themselves."""
    window = getattr(manager, "window", None)  # macOS has none
    if hasattr(window, "winfo_screenwidth"):
        density = max(1, window.winfo_fpixels("1i") / 96)  # by which Matplotlib enlarges the window once it is shown
        size = manager.canvas.get_width_height()
        share = min(0.98 * window.winfo_screenwidth() / size[0], 0.9 * window.winfo_screenheight() / size[1]) / density
        if share < 1:
            manager.resize(*(int(share * side) for side in size))
