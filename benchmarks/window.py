"""python -m benchmarks.window: how soon the window is there, and how soon it answers keys and the mouse.

Each figure is a median, compared with something run in turns with it in the same minute: the start with the import of
matplotlib.pyplot, an event with a plain draw of an empty ``subplots(2, 3)`` of the same size. Needs Xvfb and Tk.
"""

import itertools
import json
import math
import statistics
import subprocess
import sys
import time

from neuralscope.cli import DONE, Parser, limit_threads, run
from neuralscope.visualizer.drawing.theme import UNITS
from tests.helpers.desktop import PROJECT, display, environment

STARTS, TURNS = 7, 60
STROKE = "a stroke"  # in place of keys: the pen is down and moves
START = 2.5  # what a start may take, in imports of pyplot
FIRST_FRAME = """
import sys, time
from neuralscope.visualizer import __main__
from neuralscope.visualizer.app import window
def first_frame(self, event):
    self.figure.canvas.get_tk_widget().after_idle(finish)  # idle again once the frame is on the screen
def finish():
    print(time.time(), flush=True)
    import os; os._exit(0)
window.MainWindow._on_draw = first_frame
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


def events():
    """Print, as JSON, a row for each kind of event: what, median and worst milliseconds, those of a plain draw, budget.

    In a window of its own, from the event to the finished frame; each is measured in turns with the plain draw.
    """
    import numpy as np

    from neuralscope.runs.snapshot_writer import epochs_to_keep
    from neuralscope.visualizer.__main__ import load, parser
    from neuralscope.visualizer.desktop import make_window
    from neuralscope.visualizer.drawing.theme import THEMES
    from neuralscope.visualizer.session.session import Session
    from tests.conftest import snapshots_of

    options = parser().parse_args([])
    limit_threads(options.threads)
    loaded = load(options)
    scope = make_window(lambda: Session(*loaded, np.random.default_rng(0)), THEMES["dark"])
    scope.session.snapshots = snapshots_of(*loaded, epochs_to_keep(300))
    scope.figure.canvas.manager.show()
    widget = scope.figure.canvas.get_tk_widget()
    widget.focus_force()
    widget.update()
    scope.work_through()  # what is found out between events would run between these
    widget.update()
    print(json.dumps([measured(scope, widget, *kind) for kind in kinds(scope)]))


def kinds(scope):
    """Yield ``(what, budget, view, the keys pressed in turns, PEN_STROKE, or None: points pointed at)`` for each kind."""
    yield "key to next digit", 0.25, "e", ["Return"]
    for key, view in scope.views.items():
        if key != "e":
            yield f"switch to {view.title} and back", 2.0, "e", [key, "e"]
    yield "move of the neuron in neuron", 0.5, "n", ["Right"]
    yield "choice of the class in why", 0.5, "w", list("0123456789")
    yield "choice of the class in explore", 0.5, "e", list("0123456789")
    yield "silencing in neuron", 0.5, "n", ["x"]
    yield "choice of the class in backward", 0.5, "b", list("0123456789")
    yield "digit in backward", 0.5, "b", ["Return"]
    yield "step and undo in learn this one", 2.0, "l", ["Return", "z"]
    yield "stroke drawn on in draw", 0.4, "d", STROKE
    yield "scrub to another epoch in past", 0.5, "p", ["Home", *["Right"] * 19, *["Left"] * 9]
    yield "next digit in past", 0.5, "p", ["Return"]
    yield "turn of the network", 0.7, "o", ["Left", "Up", "Left", "Down"]
    yield "next digit in network", 1.0, "o", ["Return"]
    for key, view in scope.views.items():
        yield f"hover in {view.title}", 0.7 if key == "o" else 0.25, key, None


def measured(scope, widget, what, budget, view, keys):
    """Return the row of one kind of event."""
    plain = plain_figure(scope.figure)
    scope.open_view(view)
    widget.event_generate("<Motion>", x=1, y=1)  # on nothing
    widget.update()
    rows, coming = [], happenings(scope, widget, keys)
    for _ in range(TURNS):
        before, event = state(scope), next(coming)
        rows.append((milliseconds(lambda event=event: (widget.event_generate(**event), widget.update())),
                     milliseconds(plain.canvas.draw)))
        changed = any(one is not other for one, other in zip(before, state(scope), strict=True))
        assert changed, f"{what}: nothing happened"
    if keys is STROKE:
        widget.event_generate("<ButtonRelease-1>")
    event, draw = (statistics.median(column) for column in zip(*rows, strict=True))
    return what, event, max(row[0] for row in rows), draw, budget


def state(scope):
    """Return what an event should change something of."""
    session = scope.session
    return scope.readout.line.wordings, scope.view, session.index, session.silenced, session.trace, session.gaze.angles


def happenings(scope, widget, keys):
    """Yield the events of a kind, without end, as arguments for ``event_generate``."""
    pixel = scope.figure.dpi / UNITS

    def at(x, y):
        return {"x": round(x * pixel), "y": round((scope.painter.height - y) * pixel)}

    if keys is STROKE:
        left, bottom, side, _ = scope.view.pad.picture.bounds()
        angles = (0.15 * count for count in itertools.count())
        points = ((left + side * (0.5 + 0.35 * math.sin(3 * angle)), bottom + side * (0.5 + 0.4 * math.cos(2 * angle)))
                  for angle in angles)
        widget.event_generate("<ButtonPress-1>", **at(*next(points)))
        widget.update()
    else:
        points = itertools.cycle(spots(scope)) if keys is None else None
    if points is None:
        yield from ({"sequence": f"<Key-{key}>"} for key in itertools.cycle(keys))
    else:
        yield from ({"sequence": "<Motion>", **at(*point)} for point in points)


def spots(scope):
    """Return points in the view that say different things, one in each panel after the other."""
    session, found = scope.session, []
    for part in scope.view.parts():
        rows, columns = part.grid(session) or (0, 0)
        for row, column in dict.fromkeys(((0, 0), (rows // 2, columns // 2))) if rows else ():
            account = part.account(session, row, column)
            ring = account and account[1]
            point = ring and (ring[0] + ring[2] / 2, ring[1] + ring[3] / 2)
            if ring and scope.view.find(*point):
                found.append(point)
    return found


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
    Parser(prog="python -m benchmarks.window", description="Measure how soon the window is there and answers.",
           epilog="Needs Xvfb and Tk.").parse_args(argv)
    with display() as screen:
        start, pyplot = starts(screen)
        done = subprocess.run([sys.executable, "-c", "from benchmarks.window import print_event_rows; print_event_rows()"], check=True,
                              env=environment(DISPLAY=screen), cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        live = subprocess.run([sys.executable, "-c", "from benchmarks.live_training import print_rows; print_rows()"], check=True,
                              env=environment(DISPLAY=screen), cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    print("| what | median | compared with | median | ratio | budget |")
    print("|---|---|---|---|---|---|")
    print(f"| second start to first frame | {start:.2f} s | import matplotlib.pyplot | {pyplot:.2f} s "
          f"| {start / pyplot:.2f} | {START} |")
    for what, event, worst, plain, budget in json.loads(done.stdout.splitlines()[-1]):
        print(f"| {what} (worst {worst:.0f} ms) | {event:.1f} ms | plain draw of an empty subplots(2, 3) "
              f"| {plain:.1f} ms | {event / plain:.2f} | {budget} |")
    for what, figure, unit, other, compared, budget in json.loads(live.stdout.splitlines()[-1]):
        against = figure / compared if unit == "s" else figure
        print(f"| {what} | {figure:.2f} {unit} | {other} | {compared:.2f} {unit} | {against:.2f} | {budget} |")
    return DONE


if __name__ == "__main__":
    run(main)
