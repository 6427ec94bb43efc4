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
from neuralscope.visualizer.live.phases import Command

EPOCH_TURNS, KEY_COUNT = 5, 200
MAX_EPOCH_RATIO, MAX_ANSWER_MS = 1.15, 50  # budgets: a ratio, and milliseconds


def print_rows():
    """Print the rows as JSON: what, the figure, its unit, what it is compared with, that figure, the budget."""
    import numpy as np

    from neuralscope.visualizer.__main__ import parser
    from neuralscope.visualizer.arguments import load_model_and_data
    from neuralscope.visualizer.desktop import make_window
    from neuralscope.visualizer.drawing.theme import THEMES
    from neuralscope.visualizer.session.session import Session

    options = parser().parse_args([])
    limit_threads(options.threads)
    loaded = load_model_and_data(options)
    window = make_window(lambda: Session(*loaded, np.random.default_rng(0)), THEMES["dark"], "t")
    window.figure.canvas.manager.show()
    widget = window.figure.canvas.get_tk_widget()
    widget.focus_force()
    widget.update()
    with tempfile.TemporaryDirectory() as folder:
        window.session.training_setup.output = Path(folder) / "my-training.npz"
        rows = [epoch_row(window, widget), key_row(window, widget, "default")]
        window.commands.open_view("t")
        widget.event_generate("<Key-r>")
        wait_until(widget, lambda: not window.session.training_setup.busy)
        window.session.training_setup.apply_preset("classical")
        rows.append(key_row(window, widget, "classical, full batch"))
        window.close()
    print(json.dumps(rows))


def start_training(window, widget):
    """Press Space, and return the training once it runs."""
    widget.event_generate("<Key-space>")
    wait_until(widget, lambda: window.session.training and window.session.training.state.running)
    return window.session.training


def wait_until(widget, until):
    """Let the window live until something is so."""
    def look():
        if until():
            widget.quit()
        else:
            widget.after(5, look)

    look()
    if not until():
        widget.mainloop()


def epoch_row(window, widget):
    """Return the row of the epoch: in the window over the same one without it, in turns."""
    from neuralscope.runs.beginning import make_trainer

    trainer = make_trainer(window.session.training_setup.options(), window.session.dataset)
    trainer.finish_epoch()
    training = start_training(window, widget)
    training.tell(Command.TAKE_EPOCH)
    wait_until(widget, lambda: training.state.idle)
    rows = []
    for _ in range(EPOCH_TURNS):
        before = time.perf_counter()
        trainer.finish_epoch()
        between = time.perf_counter()
        training.tell(Command.TAKE_EPOCH)
        window.refresh()
        wait_until(widget, lambda: training.state.idle)
        rows.append((time.perf_counter() - between, between - before))
    inside, alone = (statistics.median(column) for column in zip(*rows, strict=True))
    return "epoch of a training in the window", inside, "s", "the same epoch without one", alone, MAX_EPOCH_RATIO


def key_row(window, widget, label):
    """Return the row of the keys: the worst of all while it learns, and while it rests, in milliseconds."""
    training = start_training(window, widget)
    busy = key_latencies_ms(widget, lambda: training.state.running)
    training.tell(Command.PAUSE)
    wait_until(widget, lambda: training.state.idle)
    return (f"key answered while training ({label}), worst of {len(busy)} (median {statistics.median(busy):.0f} ms)",
            max(busy), "ms", "worst at rest", max(key_latencies_ms(widget, lambda: True)), MAX_ANSWER_MS)


def key_latencies_ms(widget, going):
    """Press keys that are due at random; return how late each was answered, in milliseconds."""
    late, rng = [], random.Random(0)

    def due_in(seconds):
        due = time.perf_counter() + seconds
        widget.after(round(1000 * seconds), lambda: press(due))

    def press(due):
        widget.event_generate(f"<Key-{rng.choice(['Return', 'y', '7', 'c'])}>")
        widget.update_idletasks()  # the frame
        late.append(1000 * (time.perf_counter() - due))
        if len(late) < KEY_COUNT:
            due_in(rng.uniform(0.02, 0.2))

    due_in(0.1)
    wait_until(widget, lambda: len(late) == KEY_COUNT or not going())
    return late
