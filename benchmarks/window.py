"""python -m benchmarks.window: how soon the window is there, and how soon it answers a key.

Each figure is a median, compared with something run in turns with it in the same minute: the start with the import of
matplotlib.pyplot, a key with a plain draw of an empty ``subplots(2, 3)`` of the same size. Needs Xvfb and Tk.
"""

import statistics
import subprocess
import sys
import time

from neuralscope.command_line import DONE, Parser, run
from tests.desktop import PROJECT, display, environment

STARTS, KEYS = 7, 200
BUDGET = {"start": 2.5, "key": 0.25}
FIRST_FRAME = """
import sys, time
from neuralscope.visualizer import __main__, scope
def first_frame(self, event):
    self.figure.canvas.get_tk_widget().after_idle(finish)  # idle again once the frame is on the screen
def finish():
    print(time.time(), flush=True)
    import os; os._exit(0)
scope.Scope._on_draw = first_frame
__main__.main(["--dataset", "digits", "--seed", "0"])
"""


def started(screen, code):
    """Run ``code`` in a process of its own; return the seconds from its start to the time it prints, or to its end."""
    before = time.time()
    done = subprocess.run([sys.executable, "-c", code], env=environment(DISPLAY=screen), cwd=PROJECT, check=True,
                          capture_output=True, text=True)
    return (float(done.stdout) if done.stdout else time.time()) - before


def starts(screen):
    """Return the median seconds to the first frame, and to the end of a bare import of pyplot."""
    started(screen, FIRST_FRAME)  # the second start is the one that counts: caches are there
    rows = [(started(screen, FIRST_FRAME), started(screen, "import matplotlib.pyplot")) for _ in range(STARTS)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def keys():
    """Print the median milliseconds from a key to its frame and of the plain draw, and the worst of the former."""
    import numpy as np

    from neuralscope.visualizer.__main__ import load, parser
    from neuralscope.visualizer.session import Session
    from neuralscope.visualizer.style import THEMES
    from neuralscope.visualizer.window import make_window

    loaded = load(parser().parse_args(["--dataset", "digits"]))
    scope = make_window(lambda: Session(*loaded, np.random.default_rng(0)), THEMES["dark"])
    scope.figure.canvas.manager.show()
    widget = scope.figure.canvas.get_tk_widget()
    widget.focus_force()
    widget.update()
    plain, rows = plain_figure(scope.figure), []
    for _ in range(KEYS):
        shown = scope.session.index
        answered = milliseconds(lambda: (widget.event_generate("<Return>"), widget.update()))
        assert scope.session.index != shown, "the key did not arrive"
        rows.append((answered, milliseconds(plain.canvas.draw)))
    print(*(statistics.median(column) for column in zip(*rows, strict=True)), max(row[0] for row in rows))


def plain_figure(like):
    """Return an empty ``subplots(2, 3)`` of the size of ``like``, drawn once."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=like.get_size_inches(), dpi=like.dpi)
    FigureCanvasAgg(figure)
    figure.subplots(2, 3)
    figure.canvas.draw()
    return figure


def milliseconds(action):
    """Return how long ``action()`` takes."""
    before = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - before)


def main(argv=None):
    """Measure and print the table; return the exit status."""
    Parser(prog="python -m benchmarks.window", description="Measure how soon the window is there and answers a key.",
           epilog="Needs Xvfb and Tk.").parse_args(argv)
    with display() as screen:
        start, pyplot = starts(screen)
        done = subprocess.run([sys.executable, "-c", "from benchmarks.window import keys; keys()"], check=True,
                              env=environment(DISPLAY=screen), cwd=PROJECT, capture_output=True, text=True)
    key, plain, worst = map(float, done.stdout.split())
    print("| what | median | compared with | median | ratio | budget |")
    print("|---|---|---|---|---|---|")
    print(f"| second start to first frame | {start:.2f} s | import matplotlib.pyplot | {pyplot:.2f} s "
          f"| {start / pyplot:.2f} | {BUDGET['start']} |")
    print(f"| key to finished frame, {KEYS} keys (worst {worst:.0f} ms) | {key:.1f} ms "
          f"| plain draw of an empty subplots(2, 3) | {plain:.1f} ms | {key / plain:.3f} | {BUDGET['key']} |")
    return DONE


if __name__ == "__main__":
    run(main)
