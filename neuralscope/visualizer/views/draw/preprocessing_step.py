"""One step of the preparation: its picture, name, what it did, its switch, and what would be read without it."""

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.views.draw.image_panel import ImagePanel

SWITCH_SIZE = 26, 12, 10  # units at full size: width, height, and the knob's width
LINE_OFFSETS = 19, 37, 58, 77  # units below the picture: name, what it did, the switch, what would be without


class PreprocessingStep(ImagePanel):
    """The step of this name in `images.STEPS`, called ``title`` on the screen where there is room."""

    def __init__(self, surface, step, title):
        """Make the picture, the words and the switch."""
        super().__init__(surface)
        self.step = step
        self.title, self.caption, self.state, self.without = (self.add(Line()) for _ in range(4))
        self.step_title = title
        self.track, self.knob = self.add(Block(self.theme.others)), self.add(Block(self.theme.text))

    def place(self, left, top, side, width):
        """Put the words below the picture, ``width`` wide."""
        super().place(left, top, side)
        lead = self.surface.leading
        for line, down in zip((self.title, self.caption, self.state, self.without), LINE_OFFSETS, strict=True):
            line.x, line.y, line.max_width = left, top - side - down * lead, width
        self.title.set_runs(self.name(self.step_title), self.name(self.step))
        self.track.set_bounds(left, self.state.y - 2 * lead, SWITCH_SIZE[0] * lead, SWITCH_SIZE[1] * lead)
        self.state.x += (SWITCH_SIZE[0] + 8) * lead
        self.state.max_width = width - (SWITCH_SIZE[0] + 8) * lead
        self.room = left, self.without.y - 6, width, top - self.without.y + 6

    def show_texts(self, on, effect_wordings, without):
        """Set the switch, the wordings of its effect, and the runs of what would be read if it were switched."""
        self.caption.set_runs(*((self.run(words),) for words in effect_wordings))
        self.state.set_runs((self.run("on" if on else "off", color="text" if on else None),))
        left, bottom, width, height = self.track.bounds
        knob, rim = SWITCH_SIZE[2] * self.surface.leading, 2 * self.surface.leading
        self.track.set_facecolor(self.theme.others if on else self.theme.hairline)
        self.knob.set_bounds(left + (width - knob - rim if on else rim), bottom + rim, knob, height - 2 * rim)
        self.without.set_runs(without)
