"""From score to probability, and all guesses in their order."""

import numpy as np

from neuralscope.formatting import number
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.outputs import output_runs
from neuralscope.visualizer.widgets.panel import Panel, inside


class Guesses(Panel):
    """Two lines: how the output comes from the score, and the classes, the likeliest first."""

    chooses_class = True

    def __init__(self, painter, class_names, head):
        """Make the lines; ``head`` is the name of the output function."""
        super().__init__(painter)
        self.class_names, self.words = class_names, HEADS[head]
        self.formula, self.label = self.add(Line()), self.add(Line())
        self.rest = self.add(Line())
        self.guesses = [self.add(Line()) for _ in class_names]

    def place(self, left, top, width):
        """Put the first line at a height and the other below it."""
        lead = self.painter.leading
        self.right = left + width
        self.formula.x, self.formula.y, self.formula.max_width = left, top, width
        self.label.x, self.label.y = left, top - 22 * lead
        self.label.set_runs((self.run("guesses"),))

    def _words(self, name, output, chosen):
        return (self.run(name, READOUT, "text", bold=chosen),
                self.run(output, color="text" if chosen else None, mono=True, gap=1))

    def update(self, session, trace):
        """Show the outputs."""
        outputs, scores = trace.outputs[0], trace.sums[-1][0].astype(np.float64)
        chosen = session.chosen
        figures, remark = self.words.account(scores, chosen, self.words.write(outputs[chosen]))
        score = (self.run(f"score {number(scores[chosen])}  →  {self.words.name} {figures}", mono=True),)
        self.formula.set_runs((*score, self.run(remark, gap=2)), score)
        self._rank(outputs, chosen)

    def _rank(self, outputs, chosen):
        """Show the guesses side by side; those of next to nothing, and where there is no room, as one."""
        least, every = self.words.write(0), [int(one) for one in np.argsort(-outputs, kind="stable")]
        told = [one for place, one in enumerate(every)
                if place < 2 or one == chosen or self.words.write(outputs[one]) != least]
        self.ranked, x = [], self.label.x + self.label.bounds()[2] + 16 * self.painter.scale
        gap = 14 * self.painter.scale
        for guess, one in zip(self.guesses, told, strict=False):
            words = self._words(self.class_names[one], self.words.write(outputs[one]), one == chosen)
            if x + guess.measure(words) > self.right:
                break
            guess.x, guess.y = x, self.label.y
            guess.set_runs(words)
            self.ranked.append(one)
            x += guess.measure(words) + gap
        for guess in self.guesses[len(self.ranked):]:
            guess.set_runs(())
        left = len(every) - len(self.ranked)
        at_most = self.words.write(max((outputs[one] for one in every if one not in self.ranked), default=0))
        words = f"the other {left}: {at_most if at_most == least else f'at most {at_most}'} each"
        self.rest.x, self.rest.y, self.rest.max_width = x, self.label.y, max(0, self.right - x)
        self.rest.set_runs((self.run(words),), ()) if left > 1 else self.rest.set_runs(())

    def grid(self, session):
        """Return a spot for each guess that is shown."""
        return (1, len(self.ranked)) if self.ranked else None

    def spot_at(self, session, x, y):
        """Return the guess at a point."""
        for place, guess in enumerate(self.guesses[:len(self.ranked)]):
            left, bottom, width, height = guess.bounds()
            if inside((left - 6, bottom - 3, width + 12, height + 6), x, y):
                return 0, place
        return None

    def choose(self, session, row, column):
        """Ask about the class of a guess."""
        session.ask(self.ranked[column])

    def account(self, session, row, column):
        """Say where the numbers of a guess come from."""
        left, bottom, width, height = self.guesses[column].bounds()
        return output_runs(self, session, self.ranked[column]), (left - 3, bottom - 2, width + 6, height + 4)
