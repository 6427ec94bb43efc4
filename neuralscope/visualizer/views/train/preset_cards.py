"""What a training may begin with: presets, a training that was interrupted, and what all of it comes to."""

from neuralscope.formatting import cut, shortened
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL, NAME, READOUT
from neuralscope.visualizer.widgets.panel import Panel, inside

HIGH, GAP, MOST = 54, 10, 4  # units; cards at most


class Presets(Panel):
    """A card for each beginning that is offered: ``(title, words, taken, choose)``."""

    def __init__(self, painter):
        """Make the cards, and the lines below them."""
        super().__init__(painter)
        self.grounds = [self.add(Block(self.theme.panel, zorder=0.5)) for _ in range(MOST)]
        self.edges = [self.add(Block(self.theme.accent)) for _ in range(MOST)]
        self.titles, self.words = ([self.add(Line()) for _ in range(MOST)] for _ in "12")
        self.heading, self.second = self.add(Line()), self.add(Line())
        self.lines = [self.add(Line()) for _ in range(4)]
        self.cards = ()

    def place(self, left, top, width):
        """Put the cards below each other."""
        lead = self.painter.leading
        self.left, self.top, self.width = left, top, width
        self.heading.x, self.heading.y = left, top + 13 * lead

    def show(self, cards, facts):
        """Show the cards, and below them ``facts``: wordings of a line each."""
        self.cards, lead = cards, self.painter.leading
        high, pad = HIGH * lead, 16 * self.painter.scale
        self.heading.set_runs((self.run("begin with", NAME, "text"),))
        for place, (ground, edge, title, words) in enumerate(zip(
                self.grounds, self.edges, self.titles, self.words, strict=True)):
            top = self.top - place * (high + GAP * lead)
            there = place < len(cards)
            ground.set_bounds(self.left, top - high, self.width * there, high)
            edge.set_bounds(self.left, top - high, 3 * (there and cards[place][2]), high)
            title.x = words.x = self.left + pad
            title.y, words.y = top - 22 * lead, top - 42 * lead
            words.max_width = title.max_width = self.width - 2 * pad
            taken = there and cards[place][2]
            title.set_runs(*((self.run(part, LABEL, "text", bold=taken),) for part in shortened(cards[place][0]))
                           if there else ((),))
            words.set_runs(*((self.run(part),) for part in cut(cards[place][1])) if there else ((),))
        y = self.top - len(cards) * (high + GAP * lead) - 16 * lead
        self.second.x, self.second.y = self.left, y
        self.second.set_runs((self.run("what will be", NAME, "text"),))
        told = [words for fact in facts for words in self._lines(fact)]
        for number, line in enumerate(self.lines):
            line.x, line.y, line.max_width = self.left, y - (24 + 21 * number) * lead, self.width
            words = told[number] if number < len(told) else ""
            line.set_runs(*((self.run(part, READOUT),) for part in cut(words)))

    def _lines(self, wordings):
        """Return the first wording that fits in a line, else the last one in as many lines as it takes."""
        def fits(text):
            return self.heading.measure((self.run(text, READOUT),)) <= self.width

        found = [text for text in wordings if fits(text)]
        if found:
            return found[:1]
        lines = [""]
        for word in wordings[-1].split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if fits(longer) or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def bounds(self, place):
        """Return the bounds of a card."""
        return self.grounds[place].bounds

    def grid(self, session):
        """Return a spot for each card."""
        return (len(self.cards), 1) if self.cards and self.heading.get_visible() else None

    def spot_at(self, session, x, y):
        """Return the card at a point."""
        if not self.grid(session):
            return None
        return next(((place, 0) for place in range(len(self.cards)) if inside(self.bounds(place), x, y)), None)

    def choose(self, session, row, column):
        """Take what is on the card."""
        return self.cards[row][3]()

    def account(self, session, row, column):
        """Say what is on the card."""
        title, words, taken, _ = self.cards[row]
        return (self.run(title, color="text", bold=True), self.run(words, gap=2),
                self.run("chosen" if taken else "a click or Enter takes it", gap=2)), self.bounds(row)
