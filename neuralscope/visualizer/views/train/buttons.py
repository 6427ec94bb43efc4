"""Buttons: a word each on a ground of its own, for bindings of the view."""

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel, inside


class Buttons(Panel):
    """A button for each of ``actions``: words and a binding; ``perform(binding)`` is called where Enter chooses one."""

    def __init__(self, surface, actions, perform):
        """Make the grounds and the words."""
        super().__init__(surface)
        self.actions, self.perform = actions, perform
        self.grounds = [self.add(Block(self.theme.panel)) for _ in actions]
        self.words = [self.add(Line(align="center")) for _ in actions]
        self.keys = [self.add(Line(align="right")) for _ in actions]

    def place(self, box):
        """Share the width."""
        left, bottom, width, height = box
        gap = 8 * self.surface.scale
        self.side = (width + gap) / len(self.actions) - gap
        for index, (ground, line) in enumerate(zip(self.grounds, self.words, strict=True)):
            x = left + index * (self.side + gap)
            ground.set_bounds(x, bottom, self.side, height)
            line.x, line.y = x + self.side / 2, bottom + height / 2 - 4.5 * self.surface.leading

    def show(self, states):
        """Set the words: for each button ``(words, enabled, first)``; the first one to press stands out."""
        self.states = states
        for (words, enabled, first), ground, line in zip(states, self.grounds, self.words, strict=True):
            ground.set_facecolor(self.theme.answer if first and enabled else self.theme.panel)
            color = "muted" if not enabled else "background" if first else "text"
            line.max_width = self.side - 7 * self.surface.scale
            line.set_runs(*((self.run(part, READOUT_PT, color, bold=first),) for part in words))

    def grid(self, session):
        """Return a cell for each button."""
        return 1, len(self.actions)

    def cell_at(self, session, x, y):
        """Return the button at a point."""
        return next(((0, index) for index, ground in enumerate(self.grounds) if inside(ground.bounds, x, y)), None)

    def binding_at(self, x, y):
        """Return the binding of the button at a point."""
        cell = self.cell_at(None, x, y)
        return self.actions[cell[1]] if cell else None

    def choose(self, session, row, column):
        """Do what the button is for."""
        return self.perform(self.actions[column])

    def describe(self, session, row, column):
        """Say what the button does, and its key."""
        binding = self.actions[column]
        return (self.run(binding.help, color="text", bold=True),
                self.run(binding.label, color="text", mono=True, gap=2)), self.grounds[column].bounds
