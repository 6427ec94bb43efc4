"""The filmstrip: what each step makes of the picture, the switch that leaves it out, and what the answer would be."""

import numpy as np

from neuralscope.images.preprocess import MIDDLE, SIDE, STEPS, TIE
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views.draw.preprocessing_step import Step
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.panel import Panel, inside

NOTHING = np.zeros((1, 1), np.float32)
WORDS = {  # of each step: its name, and what it does
    "grey": ("grey", "one grey value for each pixel, of all colours; off: the first colour alone"),
    "ink": ("light ink", "light ink on a dark ground, as the digits it learned from; off: as it is"),
    "ground": ("clean ground", "paper and noise become 0, full ink becomes 1; off: they stay"),
    "box": ("cut to ink", "cut to the ink, wherever it stands and however large it is; off: the whole picture"),
    "scale": ("20 pixels", "the longer side becomes 20 pixels, as MNIST's digits; off: 28, all there is"),
    "centre": ("28 × 28", "the centre of mass goes to the middle; off: the middle of the box does"),
}


def moved(shift, less=("left", "up"), more=("right", "down")):
    """Return in words by how many pixels, (rows, columns), a digit was moved."""
    parts = [f"{abs(count)} {less[place] if count < 0 else more[place]}"
             for place, count in enumerate(reversed(shift)) if count]
    return ", ".join(parts) or "in place"


def captions(prepared, wanted):
    """Return what each step did to the picture, by the step's name, in wordings from the longest."""
    width, height = prepared.box[2] - prepared.box[0], prepared.box[3] - prepared.box[1]
    rows, columns = prepared.size
    also = f" · {wanted}" if wanted else ""
    return {"grey": ("one number a pixel", "one number"),
            "ink": ("turned to light ink", "inverted") if prepared.inverted else ("light on dark",),
            "ground": ("paper and noise off", "paper off"),
            "box": (f"{width} × {height} of ink", f"{width} × {height}"),
            "scale": (f"{columns} × {rows} of {SIDE}", f"{columns} × {rows}"),
            "centre": (moved(prepared.shift) + also, moved(prepared.shift, "←↑", "→↓") + also)}


class Film(Panel):
    """All steps side by side; a click on one switches it."""

    def __init__(self, painter, class_names, head):
        """Make the steps."""
        super().__init__(painter)
        self.class_names, self.words = class_names, HEADS[head]
        self.steps = [Step(painter, step, WORDS[step][0]) for step in STEPS]
        self.arrows = [self.add(Line(align="center")) for _ in STEPS[1:]]

    def place(self, left, top, width, side):
        """Share the width."""
        apart = (width - side) / (len(self.steps) - 1)
        for place, step in enumerate(self.steps):
            step.place(left + place * apart, top, side, apart - 8 if place + 1 < len(self.steps) else side)
        for place, arrow in enumerate(self.arrows, 1):
            arrow.x, arrow.y = left + place * apart - (apart - side) / 2, top - side / 2 - 4 * self.painter.leading
            arrow.set_runs((self.run("→"),))

    def update(self, session, trace):
        """Show what each step makes of the ink, and say what would be read without it."""
        sketch = session.sketch
        prepared = sketch.preparation
        told = captions(prepared, sketch.wanted) if prepared else {}
        pictures = [stage.picture for stage in prepared.stages[:-1]] if prepared else [NOTHING] * (len(STEPS) - 1)
        pictures.append(trace.images.reshape(SIDE, SIDE))  # what the network reads, whatever its weights want besides
        others = self._others(session)
        for step, picture, other in zip(self.steps, pictures, others, strict=True):
            on = step.step in sketch.steps
            paper = sketch.opened and step.step != STEPS[-1] and (step.step in STEPS[:2] or "ink" not in sketch.steps)
            step.show(picture, bool(paper) and prepared is not None)
            step.say(on, told.get(step.step, ()) if on else (), other)

    def _others(self, session):
        """Return the runs about what would be read if each step were switched; in all the output, or in none."""
        sketch = session.sketch
        if sketch.empty:
            return [()] * len(self.steps)
        found = [self._other(session, step.step) for step in self.steps]
        whole = all(step.without.measure(runs) <= step.without.max_width
                    for step, runs in zip(self.steps, found, strict=True))
        return found if whole else [runs[:2] for runs in found]

    def _other(self, session, step):
        """Return what would be read if a step were switched: the switch, the class, its output."""
        sketch = session.sketch
        state = self.run("off:" if step in sketch.steps else "on:")
        prepared = sketch.trace(sketch.switched(step))
        if prepared is None:
            return state, self.run("no ink", gap=1)
        trace = session.network.forward(sketch.image_of(prepared))
        answer = int(trace.predictions[0])
        differs = answer != int(session.trace.predictions[0])
        return (state, self.run(self.class_names[answer], color="text", bold=differs, gap=1),
                self.run(self.words.write(trace.outputs[0, answer]), gap=1))

    def grid(self, session):
        """Return a spot for each step."""
        return 1, len(self.steps)

    def spot_at(self, session, x, y):
        """Return the step at a point."""
        return next(((0, place) for place, step in enumerate(self.steps) if inside(step.room, x, y)), None)

    def choose(self, session, row, column):
        """Switch a step off, or on again."""
        session.sketch.switch(self.steps[column].step)
        session.redrawn()

    def account(self, session, row, column):
        """Say what a step does, and centring with its numbers."""
        step = self.steps[column]
        name, does = WORDS[step.step]
        mass = mass_runs(self, session.sketch) if step.step == STEPS[-1] else []
        return (self.run(name, color="text", bold=True), *mass, self.run(does, gap=2),
                self.run("Enter or a click switches it", gap=2)), step.picture.bounds()

    def close(self):
        """Take all steps off the board."""
        for step in self.steps:
            step.close()
        super().close()


def mass_runs(panel, sketch):
    """Return the runs that say where the ink's centre of mass is, and so which way the digit moves."""
    prepared = sketch.preparation
    if prepared is None:
        return []
    figure = {"color": "text", "mono": True, "gap": 1}
    row, column = prepared.mass
    runs = [panel.run("row", gap=2), panel.run(f"{row:.2f}", **figure), panel.run("column", gap=1),
            panel.run(f"{column:.2f}", **figure)]
    if STEPS[-1] not in sketch.steps:
        return [*runs, panel.run("and centring is off: it stays", gap=2)]
    runs += [panel.run("the middle is", gap=2), panel.run(f"{MIDDLE:.2f}", **figure)]
    stopped = any(abs(MIDDLE - mass - shift) > 0.5 + TIE
                  for mass, shift in zip(prepared.mass, prepared.shift, strict=True))
    room = ", as far as there is room" if stopped else ""
    if not any(prepared.shift):
        return [*runs, panel.run(f"so it stays{room}", gap=2)]
    return [*runs, panel.run("so it moves", gap=2), panel.run(moved(prepared.shift) + room, color="text", gap=1)]
