"""From score to probability, and all guesses in their order."""

import numpy as np

from neuralscope.formatting import number
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.outputs import output_runs
from neuralscope.visualizer.widgets.panel import Panel, inside


class RankedClasses(Panel):
    """Two lines: how the output comes from the score, and the classes, the likeliest first."""

    selects_class = True

    def __init__(self, surface, class_names, head):
        """Make the lines; ``head`` is the name of the output function."""
        super().__init__(surface)
        self.class_names, self.output_text = class_names, OUTPUT_TEXTS[head]
        self.formula, self.label = self.add(Line()), self.add(Line())
        self.rest = self.add(Line())
        self.ranked_classes = [self.add(Line()) for _ in class_names]

    def place(self, left, top, width):
        """Put the first line at a height and the other below it."""
        lead = self.surface.leading
        self.right = left + width
        self.formula.x, self.formula.y, self.formula.max_width = left, top, width
        self.label.x, self.label.y = left, top - 22 * lead
        self.label.set_runs((self.run("guesses"),))

    def _words(self, name, output, selected):
        return (self.run(name, READOUT_PT, "text", bold=selected),
                self.run(output, color="text" if selected else None, mono=True, gap=1))

    def update(self, session, trace):
        """Show the outputs."""
        outputs, scores = trace.outputs[0], trace.sums[-1][0].astype(np.float64)
        selected = session.selected_class
        formula, remark = self.output_text.describe(scores, selected, outputs[selected])
        score = (self.run(f"score {number(scores[selected])}  →  {self.output_text.name} {formula.text}", mono=True),)
        self.formula.set_runs((*score, self.run(remark, gap=2)), score)
        self._rank(outputs, selected)

    def _rank(self, outputs, selected):
        """Show the guesses side by side; those of next to nothing, and where there is no room, as one."""
        class_order = list(map(int, np.argsort(-outputs, kind="stable")))
        named = [class_index for index, class_index in enumerate(class_order)
                 if index < 2 or class_index == selected or not self.output_text.is_least(outputs[class_index])]
        self.ranked, x = [], self.label.x + self.label.bounds()[2] + 16 * self.surface.scale
        gap = 14 * self.surface.scale
        for guess, class_index in zip(self.ranked_classes, named, strict=False):
            output = self.output_text.write(outputs[class_index])
            words = self._words(self.class_names[class_index], output, class_index == selected)
            if x + guess.measure(words) > self.right:
                break
            guess.x, guess.y = x, self.label.y
            guess.set_runs(words)
            self.ranked.append(class_index)
            x += guess.measure(words) + gap
        for guess in self.ranked_classes[len(self.ranked):]:
            guess.set_runs(())
        left = len(class_order) - len(self.ranked)
        largest = max((outputs[index] for index in class_order if index not in self.ranked), default=0)
        bound = "" if self.output_text.is_least(largest) else "at most "
        words = f"the other {left}: {bound}{self.output_text.write(largest)} each"
        self.rest.x, self.rest.y, self.rest.max_width = x, self.label.y, max(0, self.right - x)
        self.rest.set_runs((self.run(words),), ()) if left > 1 else self.rest.set_runs(())

    def grid(self, session):
        """Return a cell for each guess that is shown."""
        return (1, len(self.ranked)) if self.ranked else None

    def cell_at(self, session, x, y):
        """Return the guess at a point."""
        for index, guess in enumerate(self.ranked_classes[:len(self.ranked)]):
            left, bottom, width, height = guess.bounds()
            if inside((left - 6, bottom - 3, width + 12, height + 6), x, y):
                return 0, index
        return None

    def choose(self, session, row, column):
        """Select the class of a guess."""
        session.selection.select_class(self.ranked[column])

    def describe(self, session, row, column):
        """Say where the numbers of a guess come from."""
        left, bottom, width, height = self.ranked_classes[column].bounds()
        return output_runs(self, session, self.ranked[column]), (left - 3, bottom - 2, width + 6, height + 4)
