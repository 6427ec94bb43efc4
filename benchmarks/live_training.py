"""What a training in the window costs: its epoch, and how late a key is answered; rows for the window's table.

The epoch in the window and the one without are taken in turns. A key is due at a moment that nobody in the window
knows; it is answered when the frame that it asked for is on the screen.
"""

import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from neuralscope.cli import limit_threads

TURNS, KEYS = 5, 200
EPOCH, ANSWER = 1.15, 50  # budgets: a ratio, and milliseconds


def training():
    """Print the rows as JSON: what, the figure, its unit, what it is compared with, that figure, the budget."""
    import numpy as np

    from neuralscope.visualizer.__main__ import load, parser
    from neuralscope.visualizer.desktop import make_window
    from neuralscope.visualizer.drawing.theme import THEMES
    from neuralscope.visualizer.session.session import Session

    options = parser().parse_args([])
    limit_threads(options.threads)
    loaded = load(options)
    scope = make_window(lambda: Session(*loaded, np.random.default_rng(0)), THEMES["dark"], "t")
    scope.figure.canvas.manager.show()
    widget = scope.figure.canvas.get_tk_widget()
    widget.focus_force()
    widget.update()
    with tempfile.TemporaryDirectory() as folder:
        scope.session.plan.output = Path(folder) / "my-training.npz"
        rows = [epochs(scope, widget), keys(scope, widget, "default")]
        scope.commands.open_view("t")
        widget.event_generate("<Key-r>")
        wait(widget, lambda: not scope.session.plan.busy)
        scope.session.plan.take_preset(2)
        rows.append(keys(scope, widget, "classical, full batch"))
        scope.close()
    print(json.dumps(rows))


def start(scope, widget):
    """Press Space, and return the training once it runs."""
    widget.event_generate("<Key-space>")
    wait(widget, lambda: scope.session.training and scope.session.training.running)
    return scope.session.training


def wait(widget, until):
    """Let the window live until something is so."""
    def look():
        if until():
            widget.quit()
        else:
            widget.after(5, look)

    look()
    if not until():
        widget.mainloop()


def epochs(scope, widget):
    """Return the row of the epoch: in the window over the same one without it, in turns."""
    from neuralscope.runs.output_paths import make_trainer

    trainer = make_trainer(scope.session.plan.options(), scope.session.dataset)
    trainer.finish_epoch()
    live = start(scope, widget)
    live.take_epoch()
    wait(widget, lambda: live.at_rest)
    rows = []
    for _ in range(TURNS):
        before = time.perf_counter()
        trainer.finish_epoch()
        between = time.perf_counter()
        live.take_epoch()
        scope.refresh()
        wait(widget, lambda: live.at_rest)
        rows.append((time.perf_counter() - between, between - before))
    inside, alone = (statistics.median(column) for column in zip(*rows, strict=True))
    return "epoch of a training in the window", inside, "s", "the same epoch without one", alone, EPOCH


def keys(scope, widget, what):
    """Return the row of the keys: the worst of all while it learns, and while it rests, in milliseconds."""
    live = start(scope, widget)
    busy = pressed(widget, lambda: live.running)
    live.pause()
    wait(widget, lambda: live.at_rest)
    return (f"key answered while training ({what}), worst of {len(busy)} (median {statistics.median(busy):.0f} ms)",
            max(busy), "ms", "worst at rest", max(pressed(widget, lambda: True)), ANSWER)


def pressed(widget, going):
    """Press keys that are due at random; return how late each was answered, in milliseconds."""
    late, chance = [], random.Random(0)

    def due_in(seconds):
        due = time.perf_counter() + seconds
        widget.after(round(1000 * seconds), lambda: press(due))

    def press(due):
        widget.event_generate(f"<Key-{chance.choice(['Return', 'y', '7', 'c'])}>")
        widget.update_idletasks()  # the frame
        late.append(1000 * (time.perf_counter() - due))
        if len(late) < KEYS:
            due_in(chance.uniform(0.02, 0.2))

    due_in(0.1)
    wait(widget, lambda: len(late) == KEYS or not going())
    return late
