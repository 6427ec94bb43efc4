"""The filmstrip: what each step makes of the picture, the switch that leaves it out, and what the answer would be."""

import numpy as np

from neuralscope.images.augmentation import IMAGE_SIDE, MASS_CENTRE
from neuralscope.images.placement import TIE
from neuralscope.images.preprocessing import STEPS
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views.draw.preprocessing_step import PreprocessingStep
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.panel import Panel, inside

EMPTY_IMAGE = np.zeros((1, 1), np.float32)
STEP_TEXTS = {  # of each step: its name, and what it does
    "grey": ("grey", "one grey value for each pixel, of all colours; off: the first colour alone"),
    "ink": ("light ink", "light ink on a dark ground, as the digits it learned from; off: as it is"),
    "ground": ("clean ground", "paper and noise become 0, full ink becomes 1; off: they stay"),
    "box": ("cut to ink", "cut to the ink, wherever it stands and however large it is; off: the whole picture"),
    "scale": ("20 pixels", "the longer side becomes 20 pixels, as MNIST's digits; off: 28, all there is"),
    "centre": ("28 × 28", "the centre of mass goes to the middle; off: the middle of the box does"),
    "stroke": ("strokes", "those of a thin pen become wider, as MNIST's are; others stay; off: all stay"),
}


def shift_text(shift, less=("left", "up"), more=("right", "down"), space=" ", joint=", "):
    """Return in words by how many pixels, (rows, columns), a digit was moved, to a tenth."""
    parts = [f"{abs(pixels):.1f}{space}{less[index] if pixels < 0 else more[index]}"
             for index, pixels in enumerate(round(pixels, 1) for pixels in reversed(shift)) if pixels]
    return joint.join(parts) or "in place"


def step_captions(preprocessed, wanted):
    """Return what each step did to the picture, by the step's name, in wordings from the longest."""
    width, height = preprocessed.box[2] - preprocessed.box[0], preprocessed.box[3] - preprocessed.box[1]
    rows, columns = preprocessed.size
    also = f" · {wanted}" if wanted else ""
    return {"grey": ("one number a pixel", "one number", "1 number"),
            "ink": ("turned to light ink", "inverted") if preprocessed.inverted else ("light on dark", "light"),
            "ground": ("paper and noise off", "paper off"),
            "box": (f"{width} × {height} of ink", f"{width} × {height}"),
            "scale": (f"{columns:.3g} × {rows:.3g} of {IMAGE_SIDE}", f"{columns:.3g} × {rows:.3g}"),
            "centre": (shift_text(preprocessed.shift), shift_text(preprocessed.shift, "←↑", "→↓"),
                       shift_text(preprocessed.shift, "←↑", "→↓", space="", joint=" ")),
            "stroke": [wording + also for wording in stroke_captions(*preprocessed.stroke_widths)]}


def stroke_captions(before, after):
    """Return how wide strokes are, in pixels before and after thin ones are widened, in wordings from the longest."""
    if before == after:
        return f"{before:.1f} px: as they are", f"{before:.1f} px"
    return f"from {before:.1f} to {after:.1f} px", f"{before:.1f} → {after:.1f} px", f"to {after:.1f} px"


class PreprocessingStrip(Panel):
    """All steps side by side; a click on one switches it."""

    def __init__(self, surface, class_names, head):
        """Make the steps."""
        super().__init__(surface)
        self.class_names, self.output_text = class_names, OUTPUT_TEXTS[head]
        self.steps = [PreprocessingStep(surface, step, STEP_TEXTS[step][0]) for step in STEPS]
        self.arrows = [self.add(Line(align="center")) for _ in STEPS[1:]]

    def place(self, left, top, width, side):
        """Share the width."""
        apart = (width - side) / (len(self.steps) - 1)
        for index, step in enumerate(self.steps):
            step.place(left + index * apart, top, side, apart - 8 if index + 1 < len(self.steps) else side)
        for index, arrow in enumerate(self.arrows, 1):
            arrow.x, arrow.y = left + index * apart - (apart - side) / 2, top - side / 2 - 4 * self.surface.leading
            arrow.set_runs((self.run("→"),))

    def update(self, session, trace):
        """Show what each step makes of the ink, and say what would be read without it."""
        user_digit = session.user_digit
        preprocessed = user_digit.preprocessed
        captions_by_step = step_captions(preprocessed, user_digit.network_preparation) if preprocessed else {}
        pictures = ([stage.picture for stage in preprocessed.stages[:-1]] if preprocessed
                    else [EMPTY_IMAGE] * (len(STEPS) - 1))
        # what the network reads, whatever its weights want besides
        pictures.append(trace.images.reshape(IMAGE_SIDE, IMAGE_SIDE))
        others = self._alternatives(session)
        for step, picture, other in zip(self.steps, pictures, others, strict=True):
            on = step.step in user_digit.steps
            paper = (user_digit.opened and step.step != STEPS[-1]
                     and (step.step in STEPS[:2] or "ink" not in user_digit.steps))
            step.show(picture, bool(paper) and preprocessed is not None)
            step.show_texts(on, captions_by_step.get(step.step, ()) if on else (), other)

    def _alternatives(self, session):
        """Return the runs about what would be read if each step were switched; in all the output, or in none."""
        user_digit = session.user_digit
        if user_digit.empty:
            return [()] * len(self.steps)
        alternatives = [self._alternative(session, step.step) for step in self.steps]
        all_fit = all(step.without.measure(runs) <= step.without.max_width
                      for step, runs in zip(self.steps, alternatives, strict=True))
        return alternatives if all_fit else [runs[:2] for runs in alternatives]

    def _alternative(self, session, step):
        """Return what would be read if a step were switched: the switch, the class, its output."""
        user_digit = session.user_digit
        state = self.run("off:" if step in user_digit.steps else "on:")
        preprocessed = user_digit.preprocessed_by(user_digit.steps_toggled(step))
        if preprocessed is None:
            return state, self.run("none", gap=1)
        trace = session.network.forward(user_digit.image_of(preprocessed))
        answer = int(trace.predictions[0])
        differs = answer != int(session.trace.predictions[0])
        return (state, self.run(self.class_names[answer], color="text", bold=differs, gap=1),
                self.run(self.output_text.write(trace.outputs[0, answer]), gap=1))

    def grid(self, session):
        """Return a cell for each step."""
        return 1, len(self.steps)

    def cell_at(self, session, x, y):
        """Return the step at a point."""
        return next(((0, index) for index, step in enumerate(self.steps) if inside(step.room, x, y)), None)

    def choose(self, session, row, column):
        """Switch a step off, or on again."""
        session.user_digit.toggle_step(self.steps[column].step)

    def describe(self, session, row, column):
        """Say what a step does, and centring with its numbers."""
        step = self.steps[column]
        name, explanation = STEP_TEXTS[step.step]
        mass = centre_of_mass_runs(self, session.user_digit) if step.step == "centre" else []
        return (self.run(name, color="text", bold=True), *mass, self.run(explanation, gap=2),
                self.run("Enter or a click switches it", gap=2)), step.picture.bounds()

    def close(self):
        """Take all steps off the figure."""
        for step in self.steps:
            step.close()
        super().close()


def centre_of_mass_runs(panel, user_digit):
    """Return the runs that say where the ink's centre of mass is, and so which way the digit moves."""
    preprocessed = user_digit.preprocessed
    if preprocessed is None:
        return []
    figure = {"color": "text", "mono": True, "gap": 1}
    row, column = preprocessed.mass
    runs = [panel.run("row", gap=2), panel.run(f"{row:.2f}", **figure), panel.run("column", gap=1),
            panel.run(f"{column:.2f}", **figure)]
    if "centre" not in user_digit.steps:
        return [*runs, panel.run("and centring is off: it stays", gap=2)]
    runs += [panel.run("the middle is", gap=2), panel.run(f"{MASS_CENTRE:.2f}", **figure)]
    stopped = any(abs(MASS_CENTRE - mass - shift) > 0.5 + TIE
                  for mass, shift in zip(preprocessed.mass, preprocessed.shift, strict=True))
    room = ", as far as there is room" if stopped else ""
    if not any(round(pixels, 1) for pixels in preprocessed.shift):
        return [*runs, panel.run(f"so it stays{room}", gap=2)]
    return [
        *runs,
        panel.run("so it moves", gap=2),
        panel.run(shift_text(preprocessed.shift) + room, color="text", gap=1),
    ]
