"""What a training may begin with: presets or an interrupted training, and a summary of the setup."""

from neuralscope.formatting import elided, truncated
from neuralscope.network.presets import PRESETS
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line, wrapped
from neuralscope.visualizer.drawing.theme import LABEL_PT, NAME_PT, READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel, inside

CARD_HEIGHT, CARD_GAP = 54, 10  # units
MAX_CARDS = len(PRESETS) + 1  # and one for the trainings that were interrupted
FACTS_DROP, LINE_DROP = 40, 21  # units from the last card's gap to the first line below, and from line to line


class PresetCards(Panel):
    """A card for each preset: ``(title, words, taken, choose)``."""

    def __init__(self, surface):
        """Make the cards, and the lines below them."""
        super().__init__(surface)
        self.grounds = [self.add(Block(self.theme.panel, zorder=0.5)) for _ in range(MAX_CARDS)]
        self.edges = [self.add(Block(self.theme.accent)) for _ in range(MAX_CARDS)]
        self.titles, self.words = ([self.add(Line()) for _ in range(MAX_CARDS)] for _ in "12")
        self.heading, self.summary_heading = self.add(Line()), self.add(Line())
        self.lines = [self.add(Line()) for _ in range(4)]
        self.cards = ()

    def place(self, left, top, width, bottom):
        """Put the cards below each other, and the lines below them, which end above ``bottom``."""
        lead = self.surface.leading
        self.left, self.top, self.width, self.bottom = left, top, width, bottom
        self.heading.x, self.heading.y = left, top + 13 * lead

    def show(self, cards, facts):
        """Show the cards, and below them ``facts``: wordings of a line each."""
        self.cards = cards
        self.heading.set_runs((self.run("begin with", NAME_PT, "text"),))
        fact_lines = [words for fact in facts for words in self._lines(fact)][:len(self.lines)]
        unit = self._card_unit(len(cards), len(fact_lines))
        for index in range(MAX_CARDS):
            self._show_card(index, unit)
        y = self.top - len(cards) * (CARD_HEIGHT + CARD_GAP) * unit - 16 * self.surface.leading
        self._show_facts(fact_lines, y)

    def _card_unit(self, count, lines):
        """Return the pixels of a card's unit: those of the surface, or fewer where so many cards would not fit."""
        lead = self.surface.leading
        room = self.top - self.bottom - (FACTS_DROP + LINE_DROP * (lines - 1)) * lead
        return min(lead, room / (count * (CARD_HEIGHT + CARD_GAP)))

    def _show_card(self, index, unit):
        ground, edge, title, words = (parts[index] for parts in (self.grounds, self.edges, self.titles, self.words))
        top, height = self.top - index * (CARD_HEIGHT + CARD_GAP) * unit, CARD_HEIGHT * unit
        has_card, pad = index < len(self.cards), 16 * self.surface.scale
        name, description, taken, _ = self.cards[index] if has_card else ("", "", False, None)
        ground.set_bounds(self.left, top - height, self.width * has_card, height)
        edge.set_bounds(self.left, top - height, 3 * taken, height)
        title.x = words.x = self.left + pad
        title.y, words.y = top - 22 * unit, top - 42 * unit
        words.max_width = title.max_width = self.width - 2 * pad
        title.set_runs(*((self.run(part, LABEL_PT, "text", bold=taken),) for part in elided(name))
                       if has_card else ((),))
        words.set_runs(*((self.run(part),) for part in truncated(description)) if has_card else ((),))

    def _show_facts(self, fact_lines, y):
        lead = self.surface.leading
        self.summary_heading.x, self.summary_heading.y = self.left, y
        self.summary_heading.set_runs((self.run("what will be", NAME_PT, "text"),))
        for number, line in enumerate(self.lines):
            line.x, line.y, line.max_width = self.left, y - (24 + LINE_DROP * number) * lead, self.width
            words = fact_lines[number] if number < len(fact_lines) else ""
            line.set_runs(*((self.run(part, READOUT_PT),) for part in truncated(words)))

    def _lines(self, wordings):
        """Return the first wording that fits in a line, else the last one in as many lines as it takes."""
        def fits(text):
            return self.heading.measure((self.run(text, READOUT_PT),)) <= self.width

        return [text for text in wordings if fits(text)][:1] or wrapped(wordings[-1], fits)

    def bounds(self, index):
        """Return the bounds of a card."""
        return self.grounds[index].bounds

    def grid(self, session):
        """Return a cell for each card."""
        return (len(self.cards), 1) if self.cards and self.heading.get_visible() else None

    def cell_at(self, session, x, y):
        """Return the card at a point."""
        if not self.grid(session):
            return None
        return next(((index, 0) for index in range(len(self.cards)) if inside(self.bounds(index), x, y)), None)

    def choose(self, session, row, column):
        """Take what is on the card."""
        return self.cards[row][3]()

    def describe(self, session, row, column):
        """Say what is on the card."""
        title, words, taken, _ = self.cards[row]
        return (self.run(title, color="text", bold=True), self.run(words, gap=2),
                self.run("chosen" if taken else "a click or Enter takes it", gap=2)), self.bounds(row)
