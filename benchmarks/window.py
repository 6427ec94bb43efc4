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

from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH
from tests.helpers.desktop import PROJECT, display, environment

START_COUNT, EVENT_COUNT = 7, 60
PEN_STROKE = "a stroke"  # in place of keys: the pen is down and moves
MAX_START_RATIO = 1.35  # what a start may take, in imports of pyplot
FIRST_FRAME_PROGRAM = """
import time
from neuralscope.visualizer import __main__, desktop
def first_frame(self, event):
    self.figure.canvas.get_tk_widget().after_idle(finish)  # idle again once the frame is on the screen
def finish():
    print(time.time(), flush=True)
    import os; os._exit(0)
make_window = desktop.make_window
def make_measured_window(*arguments):
    from neuralscope.visualizer.app import window  # no sooner than the program itself
    window.MainWindow._on_draw = first_frame
    return make_window(*arguments)
desktop.make_window = make_measured_window
__main__.main(["--dataset", "digits", "--seed", "0"])
"""


def seconds_to_print(screen, code):
    """Run ``code`` in a process of its own; return the seconds from its start to the time it prints, or to its end."""
    before = time.time()
    cached = environment(DISPLAY=screen, PYTHONDONTWRITEBYTECODE="")  # the rest would be compiled at each start
    done = subprocess.run([sys.executable, "-c", code], env=cached, cwd=PROJECT, check=True, capture_output=True,
                          text=True)
    return (float(done.stdout) if done.stdout else time.time()) - before


def start_medians(screen):
    """Return the median seconds to the first frame, and to the end of a bare import of pyplot."""
    seconds_to_print(screen, FIRST_FRAME_PROGRAM)  # the second start is the one that counts: caches are there
    programs = FIRST_FRAME_PROGRAM, "import matplotlib.pyplot"
    rows = [tuple(seconds_to_print(screen, program) for program in programs) for _ in range(START_COUNT)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def print_event_rows():
    """Print, as JSON, a row for each kind of event: what, median and worst milliseconds, those of a plain draw, budget.

    In a window of its own, from the event to the finished frame; each is measured in turns with the plain draw.
    """
    import numpy as np

    from neuralscope.runs.snapshot_writer import epochs_to_keep
    from neuralscope.visualizer.__main__ import parser
    from neuralscope.visualizer.arguments import load_model_and_data
    from neuralscope.visualizer.desktop import make_window
    from neuralscope.visualizer.drawing.theme import THEMES
    from neuralscope.visualizer.session.session import Session
    from tests.helpers.networks import snapshots_of

    options = parser().parse_args([])
    limit_threads(options.threads)
    loaded = load_model_and_data(options)
    window = make_window(lambda: Session(*loaded, np.random.default_rng(0)), THEMES["dark"])
    window.session.snapshots = snapshots_of(*loaded, epochs_to_keep(300))
    window.figure.canvas.manager.show()
    widget = window.figure.canvas.get_tk_widget()
    widget.focus_force()
    widget.update()
    window.run_to_end()  # what is found out between events would run between these
    widget.update()
    print(json.dumps([event_row(window, widget, *kind) for kind in event_kinds(window)]))


def event_kinds(window):
    """Yield ``(label, budget, view, keys pressed in turns, PEN_STROKE, or None: points pointed at)`` for each kind."""
    yield "key to next digit", 0.25, "e", ["Return"]
    for key, view in window.views.items():
        if key != "e":
            yield f"switch to {view.title} and back", 2.0, "e", [key, "e"]
    yield "move of the neuron in neuron", 0.5, "n", ["Right"]
    yield "choice of the class in why", 0.5, "w", list("0123456789")
    yield "choice of the class in explore", 0.5, "e", list("0123456789")
    yield "silencing in neuron", 0.5, "n", ["x"]
    yield "choice of the class in backward", 0.5, "b", list("0123456789")
    yield "digit in backward", 0.5, "b", ["Return"]
    yield "step and undo in learn this one", 2.0, "l", ["Return", "z"]
    yield "stroke drawn on in draw", 0.4, "d", PEN_STROKE
    yield "scrub to another epoch in past", 0.5, "p", ["Home", *["Right"] * 19, *["Left"] * 9]
    yield "next digit in past", 0.5, "p", ["Return"]
    yield "turn of the network", 0.7, "o", ["Left", "Up", "Left", "Down"]
    yield "next digit in network", 1.0, "o", ["Return"]
    for key, view in window.views.items():
        yield f"hover in {view.title}", 0.7 if key == "o" else 0.25, key, None


def event_row(window, widget, label, budget, view, keys):
    """Return the row of one kind of event."""
    plain = plain_figure(window.figure)
    window.open_view(view)
    widget.event_generate("<Motion>", x=1, y=1)  # on nothing
    widget.update()
    rows, coming = [], event_arguments(window, widget, keys)
    for _ in range(EVENT_COUNT):
        before, event = observed_state(window), next(coming)
        rows.append((milliseconds(lambda event=event: (widget.event_generate(**event), widget.update())),
                     milliseconds(plain.canvas.draw)))
        changed = any(old is not new for old, new in zip(before, observed_state(window), strict=True))
        assert changed, f"{label}: nothing happened"
    if keys is PEN_STROKE:
        widget.event_generate("<ButtonRelease-1>")
    event, draw = (statistics.median(column) for column in zip(*rows, strict=True))
    return label, event, max(row[0] for row in rows), draw, budget


def observed_state(window):
    """Return what an event should change something of."""
    session = window.session
    return (window.readout.line.wordings, window.view, session.index, session.ablated, session.trace,
            session.camera.angles)


def event_arguments(window, widget, keys):
    """Yield the events of a kind, without end, as arguments for ``event_generate``."""
    pixel = window.figure.dpi / UNITS_PER_INCH

    def at(x, y):
        return {"x": round(x * pixel), "y": round((window.surface.height - y) * pixel)}

    if keys is PEN_STROKE:
        left, bottom, side, _ = window.view.pad.picture.bounds()
        angles = (0.15 * count for count in itertools.count())
        points = ((left + side * (0.5 + 0.35 * math.sin(3 * angle)), bottom + side * (0.5 + 0.4 * math.cos(2 * angle)))
                  for angle in angles)
        widget.event_generate("<ButtonPress-1>", **at(*next(points)))
        widget.update()
    else:
        points = itertools.cycle(hover_points(window)) if keys is None else None
    if points is None:
        yield from ({"sequence": f"<Key-{key}>"} for key in itertools.cycle(keys))
    else:
        yield from ({"sequence": "<Motion>", **at(*point)} for point in points)


def hover_points(window):
    """Return points in the view that say different things, one in each panel after the other."""
    session, found = window.session, []
    for part in window.view.parts():
        rows, columns = part.grid(session) or (0, 0)
        for row, column in dict.fromkeys(((0, 0), (rows // 2, columns // 2))) if rows else ():
            account = part.describe(session, row, column)
            ring = account and account[1]
            point = ring and (ring[0] + ring[2] / 2, ring[1] + ring[3] / 2)
            if ring and window.view.panel_at(*point):
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
        start, pyplot = start_medians(screen)
        program = "from benchmarks.window import print_event_rows; print_event_rows()"
        done = subprocess.run([sys.executable, "-c", program], check=True,
                              env=environment(DISPLAY=screen), cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        program = "from benchmarks.live_training import print_rows; print_rows()"
        live = subprocess.run([sys.executable, "-c", program], check=True,
                              env=environment(DISPLAY=screen), cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    print("| what | median | compared with | median | ratio | budget |")
    print("|---|---|---|---|---|---|")
    print(f"| second start to first frame | {start:.2f} s | import matplotlib.pyplot | {pyplot:.2f} s "
          f"| {start / pyplot:.2f} | {MAX_START_RATIO} |")
    for label, event, worst, plain, budget in json.loads(done.stdout.splitlines()[-1]):
        print(f"| {label} (worst {worst:.0f} ms) | {event:.1f} ms | plain draw of an empty subplots(2, 3) "
              f"| {plain:.1f} ms | {event / plain:.2f} | {budget} |")
    for label, figure, unit, other, compared, budget in json.loads(live.stdout.splitlines()[-1]):
        ratio = figure / compared if unit == "s" else figure
        print(f"| {label} | {figure:.2f} {unit} | {other} | {compared:.2f} {unit} | {ratio:.2f} | {budget} |")
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
