"""The digits that were learned last, and those that were learned and forgotten."""

from neuralscope.formatting import counted, thousands
from neuralscope.visualizer.drawing.theme import LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.views.snapshots.probability_curves import epoch_text
from neuralscope.visualizer.widgets.gallery import HeadedGallery
from neuralscope.visualizer.widgets.panel import Panel, inside

MIN_PICTURES = 6
MIN_PICTURE_SIDE = 50  # units of a picture that still shows its digit


class GalleryTotal(Panel):
    """The cell at the heading of a `LearnedDigits` gallery: how its digits add up with the others of their outcome."""

    def __init__(self, surface, gallery):
        """Stand where the gallery's heading does."""
        super().__init__(surface)
        self.gallery = gallery

    def grid(self, session):
        """Return one cell."""
        return 1, 1

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        return (0, 0) if inside(self.heading_bounds(), x, y) else None

    def heading_bounds(self):
        """Return the bounds in which the heading is meant."""
        left, bottom, width, height = self.gallery.heading.bounds()
        return left - 5, bottom - 3, width + 10, height + 6

    def describe(self, session, row, column):
        """Say it."""
        history, gallery = session.training_history, self.gallery
        here, wrong = len(gallery.digits(session)), int(history.errors[-1])
        total = len(history.digits) - wrong if gallery.outcome == "right" else wrong
        addends = " + ".join(gallery.addends).format(epoch_text(history.epochs, history.first_trained))
        return (self.run(gallery.heading_words, color="text", bold=True), self.run(addends, gap=2),
                self.run(f"{thousands(total - here)} + {thousands(here)} = {thousands(total)}", color="text", mono=True,
                         gap=1.5), self.run(f"{gallery.outcome} at epoch {thousands(int(history.epochs[-1]))}",
                                            gap=2)), self.heading_bounds()


class LearnedDigits(HeadedGallery):
    """The digits that became right latest, and stayed it, with the epoch, the latest first."""

    heading_words, orders = "learned last", ("with the epoch by which it was right", "by epoch", "epoch")
    empty, outcome = "none became right after the first snapshot", "right"
    addends = "right {}", "right later"  # all that are so in the end: the others, and these

    def __init__(self, surface, session):
        """Make the gallery."""
        self.session = session
        super().__init__(surface, session.inputs, MIN_PICTURES)
        self.total = GalleryTotal(surface, self)

    def parts(self):
        """Return the heading, the pictures, and the way to turn pages."""
        return [self.total, *super().parts()]

    def digits(self, session):
        """Return the digits."""
        return session.training_history.learned_last

    def turning_snapshot(self, history, digit):
        """Return the place that a digit's caption names."""
        return int(history.learned_at[digit])

    def captions(self, session, digit):
        """Return the epoch, and the digit's number."""
        history = session.training_history
        epoch = thousands(int(history.epochs[self.turning_snapshot(history, digit)]))
        number = (self.run(thousands(digit), mono=True),) if self.with_numbers else ()
        return (self.run(epoch, color="text", mono=True),), number

    def widest(self):
        """Return the widest runs that the captions can have."""
        number = (self.run(thousands(len(self.session.digits) - 1), mono=True),) if self.with_numbers else ()
        return (self.run(thousands(self.session.training_history.snapshots.epoch_count), mono=True),), number

    def place(self, box):
        """Leave the digits' numbers to the readout where the pictures would become too small for them."""
        for self.with_numbers in (True, False):
            super().place(box)
            if self.size >= MIN_PICTURE_SIDE:
                break

    def update(self, session, trace):
        """Show the digits, and say how many they are."""
        super().update(session, trace)
        head = self.run(self.heading_words, SUBHEADLINE_PT, "text", bold=True)
        many = self.run(thousands(len(self.all)), LABEL_PT, gap=2)
        orders = [f"{self.orders[1]}, all neurons awake"] if session.ablated else self.orders
        self.set_heading(((head, many), (head,)), orders, [(self.run(self.empty),)])

    def describe(self, session, row, column):
        """Say what a digit is, as what it was read at the snapshot shown, and since when it is right or wrong."""
        digit, history, names = self.digit_at(row, column), session.training_history, session.dataset.class_names
        if digit is None:
            return (self.run("an empty place", color="text", bold=True),), self.tile_bounds(row, column)
        at = history.index_of(session.base_network) or 0
        first = history.first_trained + int(history.right[history.first_trained:, digit].argmax())
        lasting = "for good" if history.training_ended else "so far,"
        times = f"{history.times_right(digit)} of {counted(len(history) - history.first_trained, 'snapshot')}"
        return (
            self.run(f"test {session.inputs.sample} {thousands(digit)}", color="text", bold=True),
            self.run(f"a {names[int(session.digits.labels[digit])]}, here read as", gap=2),
            self.run(names[int(history.predictions[at, digit])], color="text", bold=True, gap=1),
            self.run(f"first right {epoch_text(history.epochs, first, 'at')}", gap=2),
            self.run(
                f"{self.outcome} {lasting} {epoch_text(history.epochs, self.turning_snapshot(history, digit))}", gap=2
            ),
            self.run(f"right at {times}", gap=2),
        ), self.tile_bounds(row, column)

    def choose(self, session, row, column):
        """Show a digit; once more: why it is read so."""
        digit = self.digit_at(row, column)
        if digit is None:
            return None
        if digit == session.index:
            return OpenView("w")
        session.digit_history.go_to(digit)
        return None


class ForgottenDigits(LearnedDigits):
    """The digits that were right once and are wrong in the end, those that were right longest first."""

    heading_words, orders = "forgotten", ("right once, wrong by this epoch", "wrong by", "by")
    empty, outcome = "no digit is wrong that was right before", "wrong"
    addends = "never right", "right once"

    def digits(self, session):
        """Return the digits."""
        return session.training_history.forgotten

    def turning_snapshot(self, history, digit):
        """Return the place from which a digit stays wrong."""
        return int(history.lost_at[digit])


def place_galleries(galleries, box):
    """Put two galleries one below the other, or side by side where the box is wide."""
    surface = galleries[0].surface
    lead, head = surface.leading, 42 * surface.leading  # of heading and order
    if box.width > 1.6 * box.height:
        boxes = [column.below(box.top - head) for column in box.columns(2, 40 * surface.scale)]
    else:
        boxes = [row.below(row.top - head).above(row.bottom + 9 * lead) for row in box.rows(2, 11 * lead)]
    for panel, part in zip(galleries, boxes, strict=True):
        panel.place(part)
