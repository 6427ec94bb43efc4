"""The digits that were learned last, and those that were learned and forgotten."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.theme import LABEL, SECOND
from neuralscope.visualizer.views.snapshots.probability_curves import when
from neuralscope.visualizer.widgets.gallery import Headed
from neuralscope.visualizer.widgets.panel import Panel, inside

LEAST = 6
LEAST_SIDE = 50  # units of a picture that still shows its digit


class Total(Panel):
    """The spot at the heading of a `Learned` gallery: how its digits add up with the others to all of their fate."""

    def __init__(self, painter, gallery):
        """Stand where the gallery's heading does."""
        super().__init__(painter)
        self.gallery = gallery

    def grid(self, session):
        """Return one spot."""
        return 1, 1

    def spot_at(self, session, x, y):
        """Return the spot at a point."""
        return (0, 0) if inside(self.around(), x, y) else None

    def around(self):
        """Return the bounds in which the heading is meant."""
        left, bottom, width, height = self.gallery.heading.bounds()
        return left - 5, bottom - 3, width + 10, height + 6

    def account(self, session, row, column):
        """Say it."""
        past, gallery = session.past, self.gallery
        here, wrong = len(gallery.digits(session)), int(past.errors[-1])
        every = len(past.digits) - wrong if gallery.fate == "right" else wrong
        addends = " + ".join(gallery.addends).format(when(past.epochs, past.first))
        return (self.run(gallery.heading_words, color="text", bold=True), self.run(addends, gap=2),
                self.run(f"{thousands(every - here)} + {thousands(here)} = {thousands(every)}",
                         color="text", mono=True, gap=1.5),
                self.run(f"{gallery.fate} at epoch {thousands(int(past.epochs[-1]))}", gap=2)), self.around()


class Learned(Headed):
    """The digits that became right latest, and stayed it, with the epoch, the latest first."""

    heading_words, orders = "learned last", ("with the epoch by which it was right", "by epoch", "epoch")
    empty, fate = "none became right after the first snapshot", "right"
    addends = "right {}", "right later"  # all that are so in the end: the others, and these

    def __init__(self, painter, session):
        """Make the gallery."""
        self.session = session
        super().__init__(painter, session.digits.images.shape[1], LEAST)
        self.total = Total(painter, self)

    def parts(self):
        """Return the heading, the pictures, and the way to turn pages."""
        return [self.total, *super().parts()]

    def digits(self, session):
        """Return the digits."""
        return session.past.learned_last

    def since(self, past, digit):
        """Return the place that a digit's caption names."""
        return int(past.learned_at[digit])

    def captions(self, session, digit):
        """Return the epoch, and the digit's number."""
        past = session.past
        epoch = thousands(int(past.epochs[self.since(past, digit)]))
        number = (self.run(thousands(digit), mono=True),) if self.with_numbers else ()
        return (self.run(epoch, color="text", mono=True),), number

    def widest(self):
        """Return the widest runs that the captions can have."""
        number = (self.run(thousands(len(self.session.digits) - 1), mono=True),) if self.with_numbers else ()
        return (self.run(thousands(self.session.past.snapshots.last), mono=True),), number

    def place(self, left, top, width, height):
        """Leave the digits' numbers to the readout where the pictures would become too small for them."""
        for self.with_numbers in (True, False):
            super().place(left, top, width, height)
            if self.size >= LEAST_SIDE:
                break

    def update(self, session, trace):
        """Show the digits, and say how many they are."""
        super().update(session, trace)
        head = self.run(self.heading_words, SECOND, "text", bold=True)
        many = self.run(thousands(len(self.all)), LABEL, gap=2)
        orders = [f"{self.orders[1]}, all neurons awake"] if session.silenced else self.orders
        self.head(((head, many), (head,)), orders, [(self.run(self.empty),)])

    def account(self, session, row, column):
        """Say what a digit is, as what it was read at the snapshot shown, and since when it is right or wrong."""
        digit, past, names = self.digit_at(row, column), session.past, session.dataset.class_names
        if digit is None:
            return (self.run("an empty place", color="text", bold=True),), self.tile_bounds(row, column)
        at = past.place_of(session.whole) or 0
        first = past.first + int(past.right[past.first:, digit].argmax())
        lasting = "for good" if past.over else "so far,"
        times = f"{past.times_right(digit)} of {len(past) - past.first}"
        return (self.run(f"test digit {thousands(digit)}", color="text", bold=True),
                self.run(f"a {names[int(session.digits.labels[digit])]}, here read as", gap=2),
                self.run(names[int(past.predictions[at, digit])], color="text", bold=True, gap=1),
                self.run(f"first right {when(past.epochs, first, 'at')}", gap=2),
                self.run(f"{self.fate} {lasting} {when(past.epochs, self.since(past, digit))}", gap=2),
                self.run(f"right at {times} snapshots", gap=2)), self.tile_bounds(row, column)

    def choose(self, session, row, column):
        """Show a digit; once more: why it is read so."""
        digit = self.digit_at(row, column)
        if digit is None:
            return None
        if digit == session.index:
            return "w"
        session.go_to(digit)
        return None


class Forgotten(Learned):
    """The digits that were right once and are wrong in the end, those that were right longest first."""

    heading_words, orders = "forgotten", ("right once, wrong by this epoch", "wrong by", "by")
    empty, fate = "no digit is wrong that was right before", "wrong"
    addends = "never right", "right once"

    def digits(self, session):
        """Return the digits."""
        return session.past.forgotten

    def since(self, past, digit):
        """Return the place from which a digit stays wrong."""
        return int(past.lost_at[digit])


def place_galleries(galleries, left, top, right, foot):
    """Put two galleries one below the other, or side by side where the room is wide."""
    painter, width = galleries[0].painter, right - left
    lead, gap = painter.leading, 40 * painter.scale
    head, between = 42 * lead, 11 * lead  # of heading and order
    if width > 1.6 * (top - foot):
        each = (width - gap) / 2
        for panel, start in zip(galleries, (left, left + each + gap), strict=True):
            panel.place(start, top - head, each, top - head - foot)
        return
    half = (top - foot - between) / 2
    for panel, start in zip(galleries, (top, top - half - between), strict=True):
        panel.place(left, start - head, width, half - head - 9 * lead)
