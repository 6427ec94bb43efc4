"""What a training may begin with: presets or an interrupted training, and a summary of the setup."""

from neuralscope.formatting import elided, truncated
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line, wrapped
from neuralscope.visualizer.drawing.theme import LABEL_PT, NAME_PT, READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel, inside

CARD_HEIGHT, CARD_GAP, MAX_CARDS = 54, 10, 4  # units; cards at most


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

    def place(self, left, top, width):
        """Put the cards below each other."""
        lead = self.surface.leading
        self.left, self.top, self.width = left, top, width
        self.heading.x, self.heading.y = left, top + 13 * lead

    def show(self, cards, facts):
        """Show the cards, and below them ``facts``: wordings of a line each."""
        self.cards, lead = cards, self.surface.leading
        card_height, pad = CARD_HEIGHT * lead, 16 * self.surface.scale
        self.heading.set_runs((self.run("begin with", NAME_PT, "text"),))
        for index, (ground, edge, title, words) in enumerate(zip(
                self.grounds, self.edges, self.titles, self.words, strict=True)):
            top = self.top - index * (card_height + CARD_GAP * lead)
            has_card = index < len(cards)
            ground.set_bounds(self.left, top - card_height, self.width * has_card, card_height)
            edge.set_bounds(self.left, top - card_height, 3 * (has_card and cards[index][2]), card_height)
            title.x = words.x = self.left + pad
            title.y, words.y = top - 22 * lead, top - 42 * lead
            words.max_width = title.max_width = self.width - 2 * pad
            taken = has_card and cards[index][2]
            title.set_runs(*((self.run(part, LABEL_PT, "text", bold=taken),) for part in elided(cards[index][0]))
                           if has_card else ((),))
            words.set_runs(*((self.run(part),) for part in truncated(cards[index][1])) if has_card else ((),))
        y = self.top - len(cards) * (card_height + CARD_GAP * lead) - 16 * lead
        self.summary_heading.x, self.summary_heading.y = self.left, y
        self.summary_heading.set_runs((self.run("what will be", NAME_PT, "text"),))
        fact_lines = [words for fact in facts for words in self._lines(fact)]
        for number, line in enumerate(self.lines):
            line.x, line.y, line.max_width = self.left, y - (24 + 21 * number) * lead, self.width
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
